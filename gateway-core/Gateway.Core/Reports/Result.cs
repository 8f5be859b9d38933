using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Reports;

/// <summary>A value, or everything that is wrong with it: at least one <see cref="Failure"/>.</summary>
public readonly struct Result<T> : IEquatable<Result<T>>
{
    private readonly T? value;
    private readonly ImmutableArray<Failure> failures;

    private Result(T? value, ImmutableArray<Failure> failures)
    {
        this.value = value;
        this.failures = failures;
    }

    /// <summary>Whether there is a value.</summary>
    public bool IsSuccess => failures.IsDefaultOrEmpty;

    /// <summary>The value; asking a failed result for it is a bug.</summary>
    public T Value => IsSuccess ? value! : throw new InvalidOperationException($"no value: {failures[0]}");

    /// <summary>What is wrong; empty when there is a value.</summary>
    public ImmutableArray<Failure> Failures => failures.IsDefault ? [] : failures;

    /// <summary>The first failure; asking a successful result for it is a bug.</summary>
    public Failure Failure => Failures[0];

    public static implicit operator Result<T>(T value) => new(value, []);

    public static implicit operator Result<T>(Failure failure) => new(default, [failure]);

    public static implicit operator Result<T>(ImmutableArray<Failure> failures) =>
        failures.IsDefaultOrEmpty ? throw new ArgumentException("a failed result needs a failure", nameof(failures)) : new(default, failures);

    /// <summary>The value if there is one, else the failures.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T result, out ImmutableArray<Failure> wrong)
    {
        result = value;
        wrong = Failures;
        return IsSuccess;
    }

    /// <summary>Goes on with the value, or keeps the failures.</summary>
    public Result<TNext> Then<TNext>(Func<T, Result<TNext>> next) => IsSuccess ? next(value!) : Failures;

    public bool Equals(Result<T> other) => EqualityComparer<T?>.Default.Equals(value, other.value) && Failures.SequenceEqual(other.Failures);

    public override bool Equals(object? obj) => obj is Result<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(value, Failures.Length);

    public static bool operator ==(Result<T> left, Result<T> right) => left.Equals(right);

    public static bool operator !=(Result<T> left, Result<T> right) => !left.Equals(right);
}

using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions;

/// <summary>A list, or a tuple, which differs in how it prints and in being unequal to a list.</summary>
public sealed record ListValue(ImmutableArray<Value> Items, bool IsTuple = false) : Value
{
    public static ListValue Empty { get; } = new([]);

    /// <summary>Whether it is a pair of <c>groupby</c>: <c>grouper</c> and <c>list</c> name its two items.</summary>
    internal bool IsGroup { get; init; }

    public override string TypeName => IsTuple ? "tuple" : "list";

    public override bool IsTrue => Items.Length > 0;

    internal override long Size { get; } = SizeOf(Items);

    internal override int Depth { get; } = DepthOf(Items);

    public static ListValue Of(IEnumerable<Value> items) => new([.. items]);

    public override Value AsUnsafe() => this with { Items = [.. Items.Select(item => item.AsUnsafe())] };

    public override Value WithoutOmitted() =>
        new ListValue([.. Items.Where(item => item is not OmitValue).Select(item => item.WithoutOmitted())], IsTuple);

    internal override Value AsMade() => this with { Items = [.. Items.Select(item => item.AsMade())] };

    public bool Equals(ListValue? other) => other is not null && IsTuple == other.IsTuple && Items.SequenceEqual(other.Items);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in Items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    internal static long SizeOf(ImmutableArray<Value> items)
    {
        var size = 1L;
        foreach (var item in items)
        {
            size += item.Size;
        }

        return size;
    }

    internal static int DepthOf(ImmutableArray<Value> items)
    {
        var depth = 0;
        foreach (var item in items)
        {
            depth = Math.Max(depth, item.Depth);
        }

        return depth + 1;
    }
}

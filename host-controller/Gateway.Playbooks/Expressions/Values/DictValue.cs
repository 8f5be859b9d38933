using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Playbooks.Expressions;

/// <summary>A dictionary in order of insertion. Keys compare as Python's do: <c>1</c>, <c>1.0</c> and <c>True</c> are one key.</summary>
public sealed record DictValue : Value
{
    private readonly Lazy<Dictionary<Value, int>> index;

    private DictValue(ImmutableArray<KeyValuePair<Value, Value>> entries)
    {
        Entries = entries;
        Size = 1;
        foreach (var (key, value) in entries)
        {
            Size += key.Size + value.Size;
            Depth = Math.Max(Depth, Math.Max(key.Depth, value.Depth));
        }

        Depth++;
        index = new(() => Entries.Select((entry, at) => (entry.Key, at)).ToDictionary(pair => pair.Key, pair => pair.at, PythonEquality.Instance));
    }

    public static DictValue Empty { get; } = new([]);

    /// <summary>The entries in order; keys are unique.</summary>
    public ImmutableArray<KeyValuePair<Value, Value>> Entries { get; }

    public override string TypeName => "dict";

    public override bool IsTrue => Entries.Length > 0;

    public int Count => Entries.Length;

    internal override long Size { get; }

    internal override int Depth { get; }

    public IEnumerable<Value> Keys => Entries.Select(entry => entry.Key);

    public IEnumerable<Value> Values => Entries.Select(entry => entry.Value);

    /// <summary>Of entries in order; a later one with the same key takes the earlier one's place, as in Python.</summary>
    public static DictValue Of(IEnumerable<KeyValuePair<Value, Value>> entries)
    {
        var places = new Dictionary<Value, int>(PythonEquality.Instance);
        var kept = ImmutableArray.CreateBuilder<KeyValuePair<Value, Value>>();
        foreach (var entry in entries)
        {
            if (places.TryGetValue(entry.Key, out var place))
            {
                kept[place] = new(kept[place].Key, entry.Value);
            }
            else
            {
                places.Add(entry.Key, kept.Count);
                kept.Add(entry);
            }
        }

        return new(kept.ToImmutable());
    }

    /// <summary>Of entries with text keys.</summary>
    public static DictValue Of(IEnumerable<KeyValuePair<string, Value>> entries) =>
        Of(entries.Select(entry => new KeyValuePair<Value, Value>(new TextValue(entry.Key), entry.Value)));

    /// <summary>Of pairs of a text key and a value.</summary>
    public static DictValue Of(params ReadOnlySpan<(string Key, Value Value)> entries)
    {
        var pairs = new List<KeyValuePair<Value, Value>>(entries.Length);
        foreach (var (key, value) in entries)
        {
            pairs.Add(new(new TextValue(key), value));
        }

        return Of(pairs);
    }

    public bool TryGet(Value key, [MaybeNullWhen(false)] out Value value)
    {
        var there = index.Value.TryGetValue(key, out var place);
        value = there ? Entries[place].Value : null;
        return there;
    }

    public bool TryGet(string key, [MaybeNullWhen(false)] out Value value) => TryGet(new TextValue(key), out value);

    /// <summary>With the key set: in its place if it is there, else at the end.</summary>
    public DictValue With(Value key, Value value) => Of(Entries.Append(new(key, value)));

    public override Value AsUnsafe() => Of(Entries.Select(entry => new KeyValuePair<Value, Value>(entry.Key.AsUnsafe(), entry.Value.AsUnsafe())));

    internal override Value AsMade() => Of(Entries.Select(entry => new KeyValuePair<Value, Value>(entry.Key.AsMade(), entry.Value.AsMade())));

    public override Value WithoutOmitted() => Of(Entries
        .Where(entry => entry.Value is not OmitValue)
        .Select(entry => new KeyValuePair<Value, Value>(entry.Key, entry.Value.WithoutOmitted())));

    /// <summary>Equal when both hold equal values under the same keys, in any order.</summary>
    public bool Equals(DictValue? other) =>
        other is not null && Count == other.Count && Entries.All(entry => other.TryGet(entry.Key, out var value) && entry.Value.Equals(value));

    public override int GetHashCode() => Count;
}

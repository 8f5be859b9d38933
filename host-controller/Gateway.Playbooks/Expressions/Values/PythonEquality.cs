namespace Gateway.Playbooks.Expressions;

/// <summary>Python's <c>==</c> and the hashing of dictionary keys that goes with it: <c>1 == 1.0 == True</c>.</summary>
public sealed class PythonEquality : IEqualityComparer<Value>
{
    private PythonEquality()
    {
    }

    public static PythonEquality Instance { get; } = new();

    public bool Equals(Value? x, Value? y) => (x, y) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (ListValue a, ListValue b) => a.IsTuple == b.IsTuple && a.Items.SequenceEqual(b.Items, this),
        (DictValue a, DictValue b) => a.Count == b.Count && a.Entries.All(entry => b.TryGet(entry.Key, out var value) && Equals(entry.Value, value)),
        _ when Integer(x) is { } a && Integer(y) is { } b => a == b,
        _ when Number(x) is { } a && Number(y) is { } b => a == b,
        _ => x.Equals(y),
    };

    public int GetHashCode(Value obj) => obj switch
    {
        _ when Number(obj) is { } number => number.GetHashCode(),
        ListValue list => HashCode.Combine(list.Items.Length, list.Items.Length > 0 ? GetHashCode(list.Items[0]) : 0),
        _ => obj.GetHashCode(),
    };

    /// <summary>The integer a value counts as, booleans included, or null.</summary>
    internal static long? Integer(Value value) => value switch
    {
        IntValue number => number.Value,
        BoolValue truth => truth.Value ? 1 : 0,
        _ => null,
    };

    /// <summary>The number a value counts as, booleans included, or null.</summary>
    internal static double? Number(Value value) => value is FloatValue number ? number.Value : Integer(value);
}

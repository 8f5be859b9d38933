using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Options as given, read by their types, with defaults filled in. Asking for one by the wrong type is a bug.</summary>
public sealed class OptionValues(IReadOnlyDictionary<string, Value> values)
{
    /// <summary>Everything that is set.</summary>
    public IEnumerable<KeyValuePair<string, Value>> All => values;

    public bool Has(string name) => values.ContainsKey(name);

    public Value? Raw(string name) => values.GetValueOrDefault(name);

    public string? Text(string name) => values.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>A text that is required or has a default.</summary>
    public string TextOf(string name) => values[name].ToString();

    public bool? Maybe(string name) => values.TryGetValue(name, out var value) ? value.IsTrue : null;

    public bool Is(string name) => Maybe(name) == true;

    public long? Integer(string name) => values.TryGetValue(name, out var value) ? ((IntValue)value).Value : null;

    public ImmutableArray<string> Texts(string name) => values.TryGetValue(name, out var value)
        ? [.. ((ListValue)value).Items.Select(item => item.ToString())]
        : [];
}

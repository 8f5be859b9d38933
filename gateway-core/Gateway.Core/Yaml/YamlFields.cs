using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Core.Yaml;

/// <summary>
/// Reads a mapping key by key and strictly: wrong types are collected with their positions, and <see cref="RejectUnknown"/>
/// reports every key that nobody asked for. One list of failures is shared by a whole document, so that everything
/// that is wrong is reported at once.
/// </summary>
public sealed class YamlFields
{
    /// <summary>No more failures than this are collected from one document: a hostile one could hold a hundred thousand.</summary>
    private const int MostFailures = 100;

    private readonly YamlMapping mapping;
    private readonly string what;
    private readonly List<Failure> failures;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    private YamlFields(YamlMapping mapping, string what, List<Failure> failures)
    {
        this.mapping = mapping;
        this.what = what;
        this.failures = failures;
    }

    /// <summary>Where the mapping begins.</summary>
    public Position At => mapping.At;

    /// <summary>Opens a mapping, or notes that it is not one and gives an empty one.</summary>
    /// <param name="node">The node.</param>
    /// <param name="what">What it is, for messages: "service 'db'".</param>
    /// <param name="failures">Where failures are collected.</param>
    public static YamlFields Open(YamlNode node, string what, List<Failure> failures)
    {
        if (node is YamlMapping mapping)
        {
            return new YamlFields(mapping, what, failures);
        }

        if (failures.Count < MostFailures)
        {
            failures.Add(Failure.At(Phase.Parse, node.At, $"{what} must be a mapping, not {node.Kind}"));
        }

        return new YamlFields(new YamlMapping([], node.At, null), what, failures);
    }

    /// <summary>Notes a failure at a node.</summary>
    public void Fail(YamlNode node, string message)
    {
        if (failures.Count < MostFailures)
        {
            failures.Add(Failure.At(Phase.Parse, node.At, message));
        }
    }

    /// <summary>Whether the key is there with a value that is not null.</summary>
    public bool Has(string key) => Node(key) is not null;

    /// <summary>The node under a key, or null when it is absent or null.</summary>
    public YamlNode? Node(string key)
    {
        asked.Add(key);
        return mapping[key] is { } node and not YamlScalar { IsPlain: true, Tag: null, Text: "" or "~" or "null" or "Null" or "NULL" } ? node : null;
    }

    /// <summary>The node under a key that must be there; null after noting its absence.</summary>
    public YamlNode? Required(string key)
    {
        var node = Node(key);
        if (node is null && failures.Count < MostFailures)
        {
            failures.Add(Failure.At(Phase.Parse, mapping.At, $"{what} needs '{key}'"));
        }

        return node;
    }

    /// <summary>A string; a plain number or boolean is taken as its text, as Compose does.</summary>
    public string? Text(string key) => Node(key) is { } node ? TextOf(node, $"'{key}'") : null;

    /// <summary>An integer of 64 bits within bounds.</summary>
    public long? Integer(string key, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Node(key) is not { } node)
        {
            return null;
        }

        if (node is YamlScalar scalar && CoreSchema.Integer(scalar) is { } number && number >= least && number <= most)
        {
            return number;
        }

        Fail(node, $"'{key}' must be an integer{Bounds(least, most)}");
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool? Boolean(string key)
    {
        if (Node(key) is not { } node)
        {
            return null;
        }

        if (node is YamlScalar scalar && CoreSchema.Boolean(scalar) is { } value)
        {
            return value;
        }

        Fail(node, $"'{key}' must be true or false");
        return null;
    }

    /// <summary>A list of strings; with <paramref name="single"/> one string is a list of one.</summary>
    public ImmutableArray<string> Texts(string key, bool single = false)
    {
        switch (Node(key))
        {
            case null:
                return [];
            case YamlSequence list:
                return [.. list.Items.Select(item => TextOf(item, $"an item of '{key}'")).OfType<string>()];
            case YamlScalar scalar when single:
                return [scalar.Text];
            case { } node:
                Fail(node, $"'{key}' must be a list of strings");
                return [];
        }
    }

    /// <summary>A duration: seconds, or <c>1m30s</c>, <c>2h</c>, <c>1d</c>.</summary>
    public TimeSpan? Duration(string key)
    {
        if (Node(key) is not { } node)
        {
            return null;
        }

        if (node is YamlScalar scalar && Durations.TryParse(scalar.Text, out var duration))
        {
            return duration;
        }

        Fail(node, $"'{key}' must be a duration: seconds, or like 1m30s, 2h, 1d");
        return null;
    }

    /// <summary>The entries of the mapping under a key, in the order written.</summary>
    public ImmutableArray<YamlEntry> Entries(string key)
    {
        switch (Node(key))
        {
            case null:
                return [];
            case YamlMapping map:
                return map.Entries;
            case { } node:
                Fail(node, $"'{key}' must be a mapping");
                return [];
        }
    }

    /// <summary>Keys beginning with a prefix are known and left alone.</summary>
    public void Allow(string prefix) => asked.UnionWith(mapping.Entries.Select(entry => entry.Key.Text).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)));

    /// <summary>Notes every key that was not asked for, with the nearest known one.</summary>
    public void RejectUnknown()
    {
        foreach (var key in mapping.Entries.Select(entry => entry.Key).Where(key => !asked.Contains(key.Text)).TakeWhile(_ => failures.Count < MostFailures))
        {
            Fail(key, $"{what} has no key '{OneLine.Of(key.Text)}'{Nearest.Hint(key.Text, asked)}");
        }
    }

    /// <summary>A scalar's text, or null after noting that it is not a scalar.</summary>
    public string? TextOf(YamlNode node, string name)
    {
        if (node is YamlScalar scalar)
        {
            return scalar.Text;
        }

        Fail(node, $"{name} must be a string, not {node.Kind}");
        return null;
    }

    private static string Bounds(long least, long most) => (least, most) switch
    {
        (long.MinValue, long.MaxValue) => "",
        (_, long.MaxValue) => $" of at least {least}",
        (long.MinValue, _) => $" of at most {most}",
        _ => $" from {least} to {most}",
    };
}

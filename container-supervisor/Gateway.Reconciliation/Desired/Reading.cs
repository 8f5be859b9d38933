using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>What is shared while one document is read: the failures and warnings found so far, and readers of small forms.</summary>
internal sealed class Reading(List<Failure> failures, List<Failure> warnings)
{
    /// <summary>At most this many failures are reported; a hostile document could hold a hundred thousand.</summary>
    public const int MostFailures = 100;

    /// <summary>Of one list or mapping of a service or application.</summary>
    public const int MostItems = 1000;

    private const int MostPorts = 10_000;

    private const int MostFileCharacters = 4 * 1024 * 1024;

    private int ports;
    private long fileCharacters;

    public List<Failure> Failures { get; } = failures;

    /// <summary>Whether something wrong was found so far.</summary>
    public bool IsWrong => Failures.Count > 0;

    public void Fail(YamlNode node, string message) => Fail(node.At, message);

    public void Fail(Position at, string message)
    {
        if (Failures.Count < MostFailures)
        {
            Failures.Add(Failure.At(Phase.Parse, at, OneLine.Of(message)));
        }
    }

    public void Warn(Position at, string message)
    {
        if (warnings.Count < MostFailures)
        {
            warnings.Add(Failure.At(Phase.Parse, at, OneLine.Of(message)));
        }
    }

    /// <summary>As <see cref="Nearest.Hint"/>; nothing for a failure that is not reported any more.</summary>
    public string Hint(string word, IEnumerable<string> known) => Failures.Count < MostFailures ? Nearest.Hint(word, known) : "";

    /// <summary>Whether a list or mapping has a bearable length; else that is noted.</summary>
    public bool IsBearable(YamlNode node, string what)
    {
        var count = node switch { YamlSequence list => list.Items.Length, YamlMapping map => map.Entries.Length, _ => 0 };
        if (count > MostItems)
        {
            Fail(node, $"{what} has {count} items; at most {MostItems} are allowed");
        }

        return count <= MostItems;
    }

    /// <summary>Whether the document may still hold that many ports: a short range can stand for many.</summary>
    public bool TakePorts(YamlNode node, int count)
    {
        ports += count;
        if (ports > MostPorts)
        {
            Fail(node, $"the document comes to more than {MostPorts} ports");
        }

        return ports <= MostPorts;
    }

    /// <summary>Whether the document may still hold that file: one text can be given to many services.</summary>
    public bool TakeFile(Position at, string content)
    {
        fileCharacters += content.Length;
        if (fileCharacters > MostFileCharacters)
        {
            Fail(at, $"the document's secrets and configs come to more than {MostFileCharacters} characters, counted for each service that has them");
        }

        return fileCharacters <= MostFileCharacters;
    }

    public YamlFields Open(YamlNode node, string what) => YamlFields.Open(node, what, Failures);

    /// <summary>Whether the node is YAML's nothing.</summary>
    public static bool IsNothing(YamlNode node) => node is YamlScalar scalar && CoreSchema.IsNull(scalar);

    /// <summary>A string without NUL; null after noting that it is none.</summary>
    public string? Text(YamlNode node, string what)
    {
        if (node is not YamlScalar scalar || CoreSchema.IsNull(scalar))
        {
            Fail(node, $"{what} must be a string, not {node.Kind}");
            return null;
        }

        if (scalar.Text.Contains('\0', StringComparison.Ordinal))
        {
            Fail(node, $"{what} holds a NUL character");
            return null;
        }

        return scalar.Text;
    }

    /// <summary>A string that is not empty.</summary>
    public string? Word(YamlNode node, string what)
    {
        var text = Text(node, what);
        if (text is "")
        {
            Fail(node, $"{what} must not be empty");
        }

        return text is "" ? null : text;
    }

    public ImmutableArray<string> Texts(YamlNode node, string what, bool single = false)
    {
        if (node is YamlSequence list)
        {
            return [.. list.Items.Select(item => Text(item, $"an item of {what}")).OfType<string>()];
        }

        if (single && node is YamlScalar)
        {
            return Text(node, what) is { } one ? [one] : [];
        }

        Fail(node, single ? $"{what} must be a string or a list of strings" : $"{what} must be a list of strings");
        return [];
    }

    public bool? Boolean(YamlNode node, string what)
    {
        if (node is YamlScalar scalar && CoreSchema.Boolean(scalar) is { } value)
        {
            return value;
        }

        Fail(node, $"{what} must be true or false");
        return null;
    }

    public long? Integer(YamlNode node, string what, long least, long most)
    {
        if (node is YamlScalar scalar && CoreSchema.Integer(scalar) is { } value && value >= least && value <= most)
        {
            return value;
        }

        Fail(node, $"{what} must be an integer from {least} to {most}");
        return null;
    }

    public TimeSpan? Duration(YamlNode node, string what)
    {
        if (node is YamlScalar scalar && Durations.TryParse(scalar.Text, out var duration))
        {
            return duration;
        }

        Fail(node, $"{what} must be a duration: seconds, or like 1m30s, 2h");
        return null;
    }

    /// <summary>Bytes as Compose writes them: <c>64m</c>, <c>1gb</c>, <c>1024</c>.</summary>
    public long? Bytes(YamlNode node, string what)
    {
        if (node is YamlScalar scalar && Quantities.TryBytes(scalar.Text, out var bytes))
        {
            return bytes;
        }

        Fail(node, $"{what} must be a size like 64m, 1g or a number of bytes");
        return null;
    }

    /// <summary>A mapping of strings, or a list of <c>key=value</c>; a key without value is refused when <paramref name="valueNeeded"/>, else empty.</summary>
    public ImmutableSortedDictionary<string, string> Pairs(YamlNode node, string what, bool valueNeeded)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value, at) in PairsOf(node, what))
        {
            if (key.Length == 0 || key.Contains('\0', StringComparison.Ordinal))
            {
                Fail(at, $"{what} has a pair without a name");
            }
            else if (value is null && valueNeeded)
            {
                Fail(at, $"{what}: '{key}' needs a value (the gateway has no environment to take it from); write '' for an empty one");
            }
            else if (!pairs.TryAdd(key, value ?? ""))
            {
                Fail(at, $"{what} has '{key}' a second time");
            }
        }

        return pairs.ToImmutable();
    }

    private IEnumerable<(string Key, string? Value, Position At)> PairsOf(YamlNode node, string what)
    {
        switch (node)
        {
            case YamlMapping map:
                foreach (var entry in map.Entries)
                {
                    yield return (entry.Key.Text, IsNothing(entry.Value) ? null : Text(entry.Value, $"{what}: '{entry.Key.Text}'") ?? "", entry.Key.At);
                }

                break;
            case YamlSequence list:
                foreach (var item in list.Items)
                {
                    if (Text(item, $"an item of {what}") is { } text)
                    {
                        var equals = text.IndexOf('=', StringComparison.Ordinal);
                        yield return equals < 0 ? (text, null, item.At) : (text[..equals], text[(equals + 1)..], item.At);
                    }
                }

                break;
            default:
                Fail(node, $"{what} must be a mapping or a list of key=value");
                break;
        }
    }
}

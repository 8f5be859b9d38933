using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>
/// Compose writes a dollar sign as <c>$$</c> (compose-spec/12-interpolation.md). There is nothing to interpolate from on
/// a gateway: <c>$$</c> becomes <c>$</c>, a single one stays, and what looks like a variable gets a warning.
/// </summary>
internal sealed class Dollars(Reading reading)
{
    private readonly Dictionary<YamlNode, YamlNode> done = new(ReferenceEqualityComparer.Instance);

    /// <summary>The node with its values unescaped; keys stay. The same object where nothing changes, so that what aliases share stays shared.</summary>
    public YamlNode Unescape(YamlNode node)
    {
        if (node is YamlScalar { Text: var text } && !text.Contains('$', StringComparison.Ordinal))
        {
            return node;
        }

        if (!done.TryGetValue(node, out var result))
        {
            done[node] = result = node switch
            {
                YamlScalar scalar => Scalar(scalar),
                YamlSequence list => Sequence(list),
                YamlMapping map => Mapping(map),
                _ => node,
            };
        }

        return result;
    }

    private YamlMapping Mapping(YamlMapping map)
    {
        ImmutableArray<YamlEntry> entries = [.. map.Entries.Select(entry => Unescape(entry.Value) is var value && ReferenceEquals(value, entry.Value) ? entry : entry with { Value = value })];
        return AreSame(entries, map.Entries) ? map : map with { Entries = entries };
    }

    private YamlSequence Sequence(YamlSequence list)
    {
        ImmutableArray<YamlNode> items = [.. list.Items.Select(Unescape)];
        return AreSame(items, list.Items) ? list : list with { Items = items };
    }

    private static bool AreSame<T>(ImmutableArray<T> one, ImmutableArray<T> other)
        where T : class =>
        one.Zip(other).All(pair => ReferenceEquals(pair.First, pair.Second));

    private YamlScalar Scalar(YamlScalar scalar)
    {
        var text = scalar.Text;
        for (var i = text.IndexOf('$', StringComparison.Ordinal); i >= 0 && i + 1 < text.Length; i = text.IndexOf('$', i + 1))
        {
            if (text[i + 1] == '$')
            {
                i++;
            }
            else if (text[i + 1] is '{' or '_' || char.IsAsciiLetter(text[i + 1]))
            {
                // The text itself is not told: it may be a secret.
                reading.Warn(scalar.At, "a variable is not replaced: a gateway has no environment to take it from; write its value, or '$$' for a dollar sign");
                break;
            }
        }

        return text.Contains("$$", StringComparison.Ordinal) ? scalar with { Text = text.Replace("$$", "$", StringComparison.Ordinal) } : scalar;
    }
}

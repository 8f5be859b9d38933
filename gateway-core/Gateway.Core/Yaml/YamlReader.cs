using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Reports;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gateway.Core.Yaml;

/// <summary>
/// Reads one YAML document into nodes with positions. Bounded in bytes, depth and expanded nodes; refuses duplicate
/// keys, several documents, keys that are not scalars, and tags other than those given. It makes no objects of
/// types named in the text.
/// </summary>
public sealed class YamlReader
{
    private const int CharactersOfNode = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    private readonly SourceText source;
    private readonly YamlLimits limits;
    private readonly IReadOnlySet<string> tags;
    private readonly Dictionary<AnchorName, (YamlNode Node, int Size)> anchors = [];
    private IParser parser = null!;
    private int nodes;

    private YamlReader(SourceText source, YamlLimits limits, IReadOnlySet<string> tags)
    {
        this.source = source;
        this.limits = limits;
        this.tags = tags;
    }

    /// <summary>Reads the document; every failure carries <c>file:line:col</c>.</summary>
    /// <param name="source">The text.</param>
    /// <param name="limits">Bounds, or null for <see cref="YamlLimits.Default"/>.</param>
    /// <param name="tags">Application tags to let through, such as <c>!unsafe</c>; <c>!!str</c> is always let through.</param>
    public static Result<YamlNode> Read(SourceText source, YamlLimits? limits = null, IReadOnlySet<string>? tags = null) =>
        new YamlReader(source, limits ?? YamlLimits.Default, tags ?? ImmutableHashSet<string>.Empty).ReadDocument();

    private Result<YamlNode> ReadDocument()
    {
        if (source.Utf8.Length > limits.Bytes)
        {
            return Failure.At(Phase.Parse, source.Whole, $"is {source.Utf8.Length} bytes; at most {limits.Bytes} are allowed");
        }

        try
        {
            var text = StrictUtf8.GetString(source.Utf8.Span);
            parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return Failure.At(Phase.Parse, source.Whole, "is empty");
            }

            parser.Consume<DocumentStart>();
            var (node, _) = ReadNode(1);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
            {
                throw Wrong(second.Start, "a second document begins here; one is allowed");
            }

            return node;
        }
        catch (DecoderFallbackException)
        {
            return Failure.At(Phase.Parse, source.Whole, "is not UTF-8");
        }
        catch (YamlRefusedException refused)
        {
            return refused.Failure;
        }
        catch (YamlException e)
        {
            return Failure.At(Phase.Parse, At(e.Start), $"is not valid YAML: {e.InnerException?.Message ?? e.Message}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The scanner of YamlDotNet 16 ends some senseless texts in such a way ("{? ~*aé&a [1]").
            return Failure.At(Phase.Parse, parser.Current is { } last ? At(last.End) : source.Whole, "is not valid YAML");
        }
    }

    /// <returns>The node and how many nodes it holds, itself included: what an alias to it costs.</returns>
    private (YamlNode Node, int Size) ReadNode(int depth)
    {
        if (depth > limits.Depth)
        {
            throw Wrong(parser.Current!.Start, $"is nested more than {limits.Depth} deep");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!anchors.TryGetValue(alias.Value, out var known))
            {
                throw Wrong(alias.Start, $"alias *{alias.Value} has no anchor before it");
            }

            Count(known.Size, alias.Start);
            return known;
        }

        var start = parser.Current as NodeEvent ?? throw Wrong(parser.Current!.Start, "a value is expected here");
        Count(1, start.Start);
        var read = start switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadSequence(depth),
            _ => ReadMapping(depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            anchors[start.Anchor] = read;
        }

        return read;
    }

    /// <summary>A long text counts for more than one node, so that aliases cannot multiply it without end.</summary>
    private (YamlNode Node, int Size) ReadScalar()
    {
        var scalar = parser.Consume<Scalar>();
        var more = scalar.Value.Length / CharactersOfNode;
        Count(more, scalar.Start);
        return (new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, At(scalar.Start), Tag(scalar)), 1 + more);
    }

    private (YamlNode Node, int Size) ReadSequence(int depth)
    {
        var start = parser.Consume<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        var size = 1;
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var (item, cost) = ReadNode(depth + 1);
            items.Add(item);
            size += cost;
        }

        return (new YamlSequence(items.ToImmutable(), At(start.Start), Tag(start)), size);
    }

    private (YamlNode Node, int Size) ReadMapping(int depth)
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var merges = new List<YamlNode>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var size = 1;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.Current is not (Scalar or AnchorAlias))
            {
                throw Wrong(parser.Current!.Start, "a key must be a scalar");
            }

            var (keyNode, _) = ReadNode(depth + 1);
            var key = keyNode as YamlScalar ?? throw new YamlRefusedException(Failure.At(Phase.Parse, keyNode.At, "a key must be a scalar"));
            var (value, cost) = ReadNode(depth + 1);
            size += cost + 1;
            if (key is { Text: "<<", IsPlain: true })
            {
                merges.Add(value);
            }
            else if (!seen.Add(key.Text))
            {
                throw new YamlRefusedException(Failure.At(Phase.Parse, key.At, $"key '{key.Text}' stands here a second time"));
            }
            else
            {
                entries.Add(new YamlEntry(key, value));
            }
        }

        size += merges.Count == 0 ? 0 : Merge(merges, entries, start.Start);
        return (new YamlMapping([.. entries], At(start.Start), Tag(start)), size);
    }

    /// <summary>
    /// Merge keys (yaml.org/type/merge): keys of the mapping itself win, then earlier merged mappings. The order is PyYAML's:
    /// what is merged stands first, the last of several merged mappings before the others.
    /// </summary>
    private int Merge(List<YamlNode> merges, List<YamlEntry> entries, in Mark start)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var all = new List<YamlEntry>();
        foreach (var merged in merges.SelectMany(merge => merge is YamlSequence list ? list.Items.AsEnumerable() : [merge]).Reverse())
        {
            if (merged is not YamlMapping mapping)
            {
                throw new YamlRefusedException(Failure.At(Phase.Parse, merged.At, "'<<' takes a mapping or a list of mappings"));
            }

            Put(mapping.Entries, all, places);
        }

        var own = entries.Count;
        Put(entries, all, places);
        entries.Clear();
        entries.AddRange(all);
        Count(all.Count - own, start);
        return all.Count - own;
    }

    private static void Put(IEnumerable<YamlEntry> more, List<YamlEntry> all, Dictionary<string, int> places)
    {
        foreach (var entry in more)
        {
            if (places.TryGetValue(entry.Key.Text, out var place))
            {
                all[place] = entry;
                continue;
            }

            places.Add(entry.Key.Text, all.Count);
            all.Add(entry);
        }
    }

    private string? Tag(NodeEvent node)
    {
        if (node.Tag.IsEmpty)
        {
            return null;
        }

        var tag = node.Tag.Value;
        return tag == CoreSchema.StringTag || tags.Contains(tag) ? tag : throw Wrong(node.Start, $"tag '{tag}' is not allowed");
    }

    private void Count(int more, in Mark at)
    {
        nodes += more;
        if (nodes > limits.Nodes)
        {
            throw Wrong(at, $"the document expands to more than {limits.Nodes} nodes");
        }
    }

    private YamlRefusedException Wrong(in Mark at, string message) => new(Failure.At(Phase.Parse, At(at), message));

    private Position At(in Mark mark) => new(source.Name, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}

using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Yaml;

/// <summary>How values are written as YAML.</summary>
/// <param name="Indent">Spaces of a level.</param>
/// <param name="Width">A line is folded at the first space beyond.</param>
/// <param name="IsFlow">All in brackets, nothing in brackets, or (null) only what holds no collection.</param>
/// <param name="SortsKeys">Whether keys are sorted.</param>
internal sealed record YamlStyle(int Indent, int Width, bool? IsFlow, bool SortsKeys);

/// <summary>Writes values as libyaml does for PyYAML's SafeDumper, which Ansible's to_yaml uses.</summary>
internal sealed class YamlWriter
{
    private const int LongestKey = 128;

    private readonly YamlStyle style;
    private readonly YamlScalars scalars;
    private readonly Stack<int?> indents = [];

    private YamlWriter(YamlStyle style)
    {
        this.style = style;
        scalars = new YamlScalars(style.Width);
    }

    /// <summary>The text, a line break at its end. The value's size must be bounded by the caller.</summary>
    public static string Write(Value value, YamlStyle style)
    {
        var writer = new YamlWriter(style);
        writer.Node(value, new Place());
        writer.scalars.WriteIndent();
        return writer.scalars.Text;
    }

    private readonly record struct Place(bool IsInMapping = false, bool IsKey = false);

    private void Node(Value value, Place place)
    {
        switch (value)
        {
            case ListValue list when scalars.FlowLevel > 0 || list.Items.IsEmpty || IsFlow(list.Items):
                Flow('[', ']', list.Items, item => Node(item, new Place()));
                break;
            case ListValue list:
                Block(list.Items, place.IsInMapping && !scalars.Indention, item =>
                {
                    scalars.Indicator("-", needsSpace: true, keepsIndention: true);
                    Node(item, new Place());
                });
                break;
            case DictValue dict when scalars.FlowLevel > 0 || dict.Count == 0 || IsFlow(dict.Entries.SelectMany(entry => new[] { entry.Key, entry.Value })):
                Flow('{', '}', Entries(dict), entry => Pair(entry, inFlow: true));
                break;
            case DictValue dict:
                Block(Entries(dict), isIndentless: false, entry => Pair(entry, inFlow: false));
                break;
            default:
                var (text, isText) = Scalar(value);
                // Lines that a scalar is folded into stand one level deeper.
                Increase(isFlow: true, isIndentless: false);
                scalars.Write(text, isText, place.IsKey);
                scalars.Indent = indents.Pop();
                break;
        }
    }

    private bool IsFlow(IEnumerable<Value> parts) => style.IsFlow ?? parts.All(part => part is not (ListValue or DictValue));

    private ImmutableArray<KeyValuePair<Value, Value>> Entries(DictValue dict) =>
        style.SortsKeys && dict.Keys.All(key => key is TextValue) ? dict.Entries.Sort((a, b) => string.CompareOrdinal(a.Key.ToString(), b.Key.ToString())) : dict.Entries;

    private void Pair(KeyValuePair<Value, Value> entry, bool inFlow)
    {
        var (key, _) = Scalar(entry.Key);
        if (entry.Key is not (ListValue or DictValue) && key.Length < LongestKey && !key.Any(ScalarAnalysis.IsBreak))
        {
            Node(entry.Key, new Place(IsInMapping: true, IsKey: true));
            scalars.Indicator(":", needsSpace: false);
        }
        else
        {
            scalars.Indicator("?", needsSpace: true, keepsIndention: !inFlow);
            Node(entry.Key, new Place(IsInMapping: true));
            if (!inFlow || scalars.Column > style.Width)
            {
                scalars.WriteIndent();
            }

            scalars.Indicator(":", needsSpace: true, keepsIndention: !inFlow);
        }

        Node(entry.Value, new Place(IsInMapping: true));
    }

    private void Flow<T>(char open, char close, ImmutableArray<T> items, Action<T> write)
    {
        scalars.Indicator(open.ToString(), needsSpace: true, leavesSpace: true);
        scalars.FlowLevel++;
        Increase(isFlow: true, isIndentless: false);
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
            {
                scalars.Indicator(",", needsSpace: false);
            }

            isFirst = false;
            if (scalars.Column > style.Width)
            {
                scalars.WriteIndent();
            }

            write(item);
        }

        scalars.Indent = indents.Pop();
        scalars.FlowLevel--;
        scalars.Indicator(close.ToString(), needsSpace: false);
    }

    private void Block<T>(ImmutableArray<T> items, bool isIndentless, Action<T> write)
    {
        Increase(isFlow: false, isIndentless);
        foreach (var item in items)
        {
            scalars.WriteIndent();
            write(item);
        }

        scalars.Indent = indents.Pop();
    }

    private void Increase(bool isFlow, bool isIndentless)
    {
        indents.Push(scalars.Indent);
        scalars.Indent = scalars.Indent is { } indent ? indent + (isIndentless ? 0 : style.Indent) : isFlow ? style.Indent : 0;
    }

    private static (string Text, bool IsText) Scalar(Value value) => value switch
    {
        TextValue text => (text.Value, true),
        NullValue => ("null", false),
        BoolValue truth => (truth.Value ? "true" : "false", false),
        FloatValue { Value: double.NaN } => (".nan", false),
        FloatValue number when double.IsInfinity(number.Value) => (number.Value > 0 ? ".inf" : "-.inf", false),
        FloatValue number when PythonText.Float(number.Value) is var text => (text.Contains('.', StringComparison.Ordinal) ? text : text.Replace("e", ".0e", StringComparison.Ordinal), false),
        _ => (value.ToString(), false),
    };
}

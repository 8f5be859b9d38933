using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;
using Gateway.Playbooks.Yaml;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>YAML to values and back.</summary>
internal static class YamlFilters
{
    private static readonly YamlLimits Limits = new(SourceText.LargestDocument, 64, 100_000);

    public static ImmutableArray<Filter> All { get; } =
    [
        new("from_yaml", FromYaml),
        new("from_yaml_all", FromYamlAll),
        new("to_yaml", (evaluator, value, arguments) => ToYaml(evaluator, value, arguments, "to_yaml", new YamlStyle(2, 80, IsFlow: null, SortsKeys: true))),
        new("to_nice_yaml", (evaluator, value, arguments) => ToYaml(evaluator, value, arguments, "to_nice_yaml", new YamlStyle(4, 80, IsFlow: false, SortsKeys: true))),
    ];

    private static TextValue ToYaml(Evaluator evaluator, Value value, Arguments arguments, string what, YamlStyle style)
    {
        var bound = arguments.Bind(what, 0, "indent", "width", "sort_keys", "default_flow_style", "allow_unicode", "explicit_start");
        var made = style with
        {
            Indent = (int)Math.Clamp(TextMethods.Integer(bound[0], style.Indent), 1, 9),
            Width = (int)Math.Clamp(TextMethods.Integer(bound[1], style.Width), 4, 1_000_000),
            SortsKeys = bound[2]?.IsTrue ?? style.SortsKeys,
            IsFlow = bound[3] switch { null => style.IsFlow, NullValue => null, var given => given.IsTrue },
        };
        Defined(value);
        var text = YamlWriter.Write(value, made with { Indent = made.Indent is 1 ? 2 : made.Indent });
        return evaluator.Budget.Text(bound[5]?.IsTrue == true ? (value is ListValue or DictValue ? "---\n" : "--- ") + text : text);
    }

    private static void Defined(Value value)
    {
        switch (value)
        {
            case ListValue list:
                list.Items.ToList().ForEach(Defined);
                break;
            case DictValue dict:
                dict.Values.ToList().ForEach(Defined);
                break;
            case TextValue or NullValue or BoolValue or IntValue or FloatValue or TimeValue:
                break;
            default:
                Operators.Defined(value);
                throw new TemplateException($"a {value.TypeName} cannot be written as YAML");
        }
    }

    private static Value FromYaml(Evaluator evaluator, Value value, Arguments arguments)
    {
        if (value is not TextValue text)
        {
            return value;
        }

        evaluator.Budget.Step(1 + (text.Value.Length / 4));
        return text.Value.Trim().Length == 0 ? NullValue.None : Read(text.Value);
    }

    private static Value FromYamlAll(Evaluator evaluator, Value value, Arguments arguments)
    {
        if (value is not TextValue text)
        {
            return value;
        }

        evaluator.Budget.Step(1 + (text.Value.Length / 4));
        var documents = new List<StringBuilder> { new() };
        foreach (var line in text.Value.Split('\n'))
        {
            if (line == "---" || line.StartsWith("--- ", StringComparison.Ordinal))
            {
                documents.Add(new StringBuilder(line.Length > 4 ? line[4..] : "").Append('\n'));
            }
            else if (line != "...")
            {
                documents[^1].Append(line).Append('\n');
            }
        }

        var first = documents[0].ToString().Trim().Length == 0 ? documents.Skip(1) : documents;
        return ListValue.Of(first.Select(document => document.ToString().Trim().Length == 0 ? NullValue.None : Read(document.ToString())));
    }

    private static Value Read(string text)
    {
        var read = YamlReader.Read(new SourceText("from_yaml", Encoding.UTF8.GetBytes(text)), Limits).Then(Yaml11.ToValue);
        return read.TryGet(out var result, out var wrong) ? result.AsMade() : throw new TemplateException(wrong[0].ToString());
    }
}

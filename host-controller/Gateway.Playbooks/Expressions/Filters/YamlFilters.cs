using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;
using Gateway.Playbooks.Yaml;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>YAML to values and back.</summary>
internal static class YamlFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("from_yaml", FromYaml),
    ];

    private static Value FromYaml(Evaluator evaluator, Value value, Arguments arguments)
    {
        if (value is not TextValue text)
        {
            return value;
        }

        evaluator.Budget.Step(1 + (text.Value.Length / 4));
        if (text.Value.Trim().Length == 0)
        {
            return NullValue.None;
        }

        var read = YamlReader.Read(new SourceText("from_yaml", Encoding.UTF8.GetBytes(text.Value)), new YamlLimits(SourceText.LargestDocument, 64, 100_000)).Then(Yaml11.ToValue);
        return read.TryGet(out var result, out var wrong) ? result : throw new TemplateException(wrong[0].ToString());
    }
}

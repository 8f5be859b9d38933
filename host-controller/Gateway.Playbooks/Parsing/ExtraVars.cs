using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Yaml;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads what <c>--extra-vars</c> gives.</summary>
public static class ExtraVars
{
    /// <summary>Variables of <c>k=v k2='v 2'</c>, whose values are texts, or of a YAML or JSON mapping (also the content of a file).</summary>
    public static Result<DictValue> Parse(SourceText text)
    {
        var plain = System.Text.Encoding.UTF8.GetString(text.Utf8.Span).Trim();
        if (plain.Length == 0)
        {
            return DictValue.Empty;
        }

        if (plain[0] is not ('{' or '[' or '-') && !plain.Contains('\n', StringComparison.Ordinal) && plain.Contains('=', StringComparison.Ordinal))
        {
            return KeyValueText.TryParse(plain, isCommand: false, out var pairs, out var rest, out var problem) && rest.Length == 0
                ? DictValue.Of(pairs.Select(pair => new KeyValuePair<string, Value>(pair.Key, pair.Value)))
                : Failure.At(Phase.Parse, text.Whole, problem ?? $"'{rest}' is no variable: write name=value, or a mapping");
        }

        if (!YamlReader.Read(text, tags: Yaml11.Tags).TryGet(out var root, out var unreadable))
        {
            return unreadable;
        }

        return root is not YamlMapping
            ? Failure.At(Phase.Parse, root.At, $"variables must be a mapping, not {root.Kind}")
            : Yaml11.ToValue(root).Then<DictValue>(value => (DictValue)value);
    }
}

using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Renders the content of a template file.</summary>
public static class TemplateText
{
    private const string Header = "#jinja2:";

    /// <summary>The text, or what is wrong in Ansible's words. A first line <c>#jinja2: key: value, …</c> overrides the options.</summary>
    public static Result<string> Render(string template, Position at, ModuleContext context, TemplateOptions options, string newLine, IVariables variables)
    {
        // A byte order mark is no part of the text.
        template = template.TrimStart('\uFEFF').ReplaceLineEndings("\n");
        if (template.StartsWith(Header, StringComparison.Ordinal) && template.IndexOf('\n') is var end and >= 0)
        {
            if (!Override(options, template[Header.Length..end], at).TryGet(out var overridden, out var wrong))
            {
                return wrong;
            }

            options = overridden;
            template = template[(end + 1)..];
        }

        var rendered = context.Templar.Render(template, at, variables, options);
        return rendered.TryGet(out var text, out var failed)
            ? newLine == "\n" ? text.ToString() : text.ToString().Replace("\n", newLine, StringComparison.Ordinal)
            : failed[0] with { Message = failed[0].Kind == FailureKind.NotFound ? $"AnsibleUndefinedVariable: {failed[0].Message}" : failed[0].Message };
    }

    private static Result<TemplateOptions> Override(TemplateOptions options, string line, Position at)
    {
        foreach (var pair in line.Split(','))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            var (key, value) = colon < 0 ? (pair.Trim(), "") : (pair[..colon].Trim(), pair[(colon + 1)..].Trim().Trim('"', '\''));
            bool Is() => OptionReader.Boolean(value)?.Value == true;
            var next = key switch
            {
                "trim_blocks" => options with { TrimBlocks = Is() },
                "lstrip_blocks" => options with { LstripBlocks = Is() },
                "variable_start_string" => options with { VariableStart = value },
                "variable_end_string" => options with { VariableEnd = value },
                "block_start_string" => options with { BlockStart = value },
                "block_end_string" => options with { BlockEnd = value },
                "comment_start_string" => options with { CommentStart = value },
                "comment_end_string" => options with { CommentEnd = value },
                _ => null,
            };
            if (next is null)
            {
                return Failure.At(Phase.Apply, at, $"'{key}' in the first line of {at.File} is not supported");
            }

            options = next;
        }

        return options;
    }
}

using System.Text;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>The wordwrap filter for words parted by single spaces; what Python's textwrap does beyond that is refused.</summary>
internal static class WordWrap
{
    public static Value Apply(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens");
        var width = (int)Math.Clamp(TextMethods.Integer(bound[0], 79), int.MinValue, int.MaxValue);
        var text = evaluator.Budget.Str(value);
        if (width <= 0)
        {
            throw new TemplateException($"invalid width {width} (must be > 0)");
        }

        if (text.Contains('\t', StringComparison.Ordinal) || (text.Contains('-', StringComparison.Ordinal) && (bound[3]?.IsTrue ?? true)))
        {
            throw new TemplateException("wordwrap is not supported on texts with tabs, nor with hyphens unless break_on_hyphens=false");
        }

        var separator = bound[2] is null or NullValue ? "\n" : evaluator.Budget.Str(bound[2]!);
        var breaks = bound[1]?.IsTrue ?? true;
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => string.Join(separator, Wrap(line, width, breaks)));
        return evaluator.Budget.Text(text.Length == 0 ? "" : string.Join(separator, lines));
    }

    private static IEnumerable<string> Wrap(string line, int width, bool breaks)
    {
        var current = new StringBuilder();
        foreach (var chunk in Chunks(line))
        {
            var rest = chunk;
            if (current.Length + rest.Length > width)
            {
                if (rest.Length > width && breaks && current.ToString().Trim().Length > 0 | rest.Trim().Length > 0)
                {
                    var room = Math.Max(0, width - current.Length);
                    current.Append(rest.AsSpan(0, room));
                    rest = rest[room..];
                }

                if (current.ToString().TrimEnd().Length > 0)
                {
                    yield return current.ToString().TrimEnd();
                }

                current.Clear();
                for (; rest.Length > width && breaks; rest = rest[width..])
                {
                    yield return rest[..width];
                }

                rest = string.IsNullOrWhiteSpace(rest) ? "" : rest;
            }

            current.Append(rest);
        }

        if (current.ToString().TrimEnd().Length > 0)
        {
            yield return current.ToString().TrimEnd();
        }
    }

    /// <summary>Words and the spaces between them, in turn.</summary>
    private static IEnumerable<string> Chunks(string line)
    {
        for (var from = 0; from < line.Length;)
        {
            var isSpace = line[from] == ' ';
            var to = from;
            while (to < line.Length && (line[to] == ' ') == isSpace)
            {
                to++;
            }

            yield return line[from..to];
            from = to;
        }
    }
}

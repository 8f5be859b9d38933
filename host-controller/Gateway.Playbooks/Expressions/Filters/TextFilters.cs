using System.Collections.Immutable;
using System.Text;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Texts.</summary>
internal static class TextFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        Simple("upper", PythonText.Upper),
        Simple("lower", text => text.ToLowerInvariant()),
        Simple("capitalize", TextMethods.Capitalize),
        Simple("title", Title),
        new("trim", (evaluator, value, arguments) => evaluator.Budget.Text(TextMethods.StripChars(evaluator.Budget.Str(value), arguments.Bind("trim", 0, "chars")[0], true, true))),
        new("replace", Replace),
        new("join", Join),
        new("split", (evaluator, value, arguments) => TextSearchMethods.Split(evaluator, TextMethods.Text(value), arguments, fromRight: false)),
        new("format", Format),
        new("indent", Indent),
        new("wordwrap", WordWrap.Apply),
        new("wordcount", (evaluator, value, _) => (long)WordCount(evaluator.Budget.Str(value))),
        new("center", (evaluator, value, arguments) => TextMethods.Pad(evaluator, evaluator.Budget.Str(value), TextMethods.Integer(arguments.Bind("center", 0, "width")[0], 80), ' ', 'c')),
        new("quote", (evaluator, value, _) => evaluator.Budget.Text(Quote(value is NullValue ? "" : evaluator.Budget.Str(value)))),
    ];

    private static Filter Simple(string name, Func<string, string> make) =>
        new(name, (evaluator, value, arguments) =>
        {
            arguments.Bind(name, 0);
            return evaluator.Budget.Text(make(evaluator.Budget.Str(value)));
        });

    /// <summary>Jinja's title: words begin after white space, hyphens and opening brackets.</summary>
    private static string Title(string text)
    {
        var into = new StringBuilder(text.Length);
        var atStart = true;
        foreach (var c in text)
        {
            into.Append(atStart ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
            atStart = char.IsWhiteSpace(c) || "-({[<".Contains(c, StringComparison.Ordinal);
        }

        return into.ToString();
    }

    private static TextValue Replace(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("replace", 2, "old", "new", "count");
        var count = bound[2] is null or NullValue ? -1 : TextMethods.Integer(bound[2], -1);
        return TextMethods.Replace(evaluator, evaluator.Budget.Str(value), evaluator.Budget.Str(bound[0]!), evaluator.Budget.Str(bound[1]!), count);
    }

    private static TextValue Join(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("join", 0, "d", "attribute");
        var get = Getter.Of(evaluator, bound[1]);
        return TextMethods.Join(evaluator, bound[0] is null ? "" : evaluator.Budget.Str(bound[0]!),
            [.. Items.Of(value, evaluator.Budget).Select(item => (Value)new TextValue(evaluator.Budget.Str(get(item))))]);
    }

    private static TextValue Format(Evaluator evaluator, Value value, Arguments arguments)
    {
        if (arguments.Positional.Length > 0 && arguments.Named.Length > 0)
        {
            throw new TemplateException("can't handle positional and keyword arguments at the same time");
        }

        Value values = arguments.Named.Length > 0 ? DictValue.Of(arguments.Named) : new ListValue(arguments.Positional, true);
        return evaluator.Budget.Text(PercentFormat.Apply(evaluator.Budget.Str(value), values, evaluator.Budget));
    }

    private static TextValue Indent(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("indent", 0, "width", "first", "blank");
        var indentation = bound[0] is TextValue text ? text.Value : evaluator.Budget.Text(new string(' ', (int)Math.Clamp(TextMethods.Integer(bound[0], 4), 0, 10_000))).Value;
        var (first, blank) = (bound[1]?.IsTrue ?? false, bound[2]?.IsTrue ?? false);
        var lines = TextMethods.Text(value).ReplaceLineEndings("\n").Split('\n');
        evaluator.Budget.Characters((long)lines.Length * indentation.Length);
        var indented = lines.Select((line, at) => (at == 0 ? first : blank || line.Length > 0) ? indentation + line : line);
        return evaluator.Budget.Text(string.Join('\n', indented));
    }

    private static int WordCount(string text)
    {
        var count = 0;
        var inWord = false;
        foreach (var c in text)
        {
            var isWord = char.IsLetterOrDigit(c) || c == '_';
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return count;
    }

    /// <summary>shlex.quote: single quotes, unless every character is harmless to a shell.</summary>
    private static string Quote(string text) => text.Length == 0 ? "''"
        : text.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal)) ? text
        : "'" + text.Replace("'", "'\"'\"'", StringComparison.Ordinal) + "'";
}

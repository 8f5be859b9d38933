using System.Collections.Immutable;
using System.Text;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Methods;

/// <summary>Methods of texts that make other texts (docs.python.org/3/library/stdtypes.html#string-methods).</summary>
internal static class TextMethods
{
    public static ImmutableArray<Method> All { get; } =
    [
        Simple("upper", PythonText.Upper),
        Simple("lower", text => text.ToLowerInvariant()),
        Simple("casefold", text => text.ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal)),
        Simple("capitalize", Capitalize),
        Simple("title", Title),
        Simple("swapcase", text => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))),
        new("strip", (evaluator, text, arguments) => Strip(evaluator, text, arguments, true, true)),
        new("lstrip", (evaluator, text, arguments) => Strip(evaluator, text, arguments, true, false)),
        new("rstrip", (evaluator, text, arguments) => Strip(evaluator, text, arguments, false, true)),
        new("replace", Replace),
        new("join", (evaluator, text, arguments) => Join(evaluator, Of(text), Items.Of(arguments.Bind("join()", 1, "iterable")[0]!, evaluator.Budget))),
        new("zfill", ZeroFill),
        new("ljust", (evaluator, text, arguments) => Pad(evaluator, text, arguments, 'l')),
        new("rjust", (evaluator, text, arguments) => Pad(evaluator, text, arguments, 'r')),
        new("center", (evaluator, text, arguments) => Pad(evaluator, text, arguments, 'c')),
        new("expandtabs", ExpandTabs),
        new("removeprefix", (evaluator, text, arguments) => Of(text) is var s && Text(arguments.Bind("removeprefix()", 1, "prefix")[0]) is var p
            && s.StartsWith(p, StringComparison.Ordinal) ? evaluator.Budget.Text(s[p.Length..]) : text),
        new("removesuffix", (evaluator, text, arguments) => Of(text) is var s && Text(arguments.Bind("removesuffix()", 1, "suffix")[0]) is var p
            && p.Length > 0 && s.EndsWith(p, StringComparison.Ordinal) ? evaluator.Budget.Text(s[..^p.Length]) : text),
        new("format", (evaluator, text, arguments) => BraceFormat.Apply(evaluator, Of(text), arguments)),
        MethodTable.Refused("encode", "there are no bytes here; b64encode and hash take texts"),
        MethodTable.Refused("translate", "use replace or regex_replace"),
        MethodTable.Refused("format_map", "use format(**values)"),
    ];

    public static string Of(Value text) => ((TextValue)text).Value;

    /// <summary>The text of an argument that must be one.</summary>
    public static string Text(Value? value) => value switch
    {
        TextValue text => text.Value,
        UndefinedValue undefined => throw new UndefinedException(undefined.Message),
        null => "",
        _ => throw new TemplateException($"a str is required, not {value.TypeName}"),
    };

    public static long Integer(Value? value, long byDefault) => value is null ? byDefault : PythonEquality.Integer(Operators.Defined(value))
        ?? throw new TemplateException($"'{value.TypeName}' object cannot be interpreted as an integer");

    public static string Capitalize(string text)
    {
        var first = char.IsHighSurrogate(text.FirstOrDefault()) ? Math.Min(2, text.Length) : Math.Min(1, text.Length);
        return PythonText.Upper(text[..first]) + text[first..].ToLowerInvariant();
    }

    private static TextValue ExpandTabs(Evaluator evaluator, Value text, Arguments arguments)
    {
        var size = (int)Math.Clamp(Integer(arguments.Bind("expandtabs()", 0, "tabsize")[0], 8), 0, 1000);
        var into = new StringBuilder();
        var column = 0;
        foreach (var c in Of(text))
        {
            var width = c == '\t' ? size == 0 ? 0 : size - (column % size) : 1;
            evaluator.Budget.Characters(width);
            into.Append(c == '\t' ? ' ' : c, c == '\t' ? width : 1);
            column = c is '\n' or '\r' ? 0 : column + width;
        }

        return evaluator.Budget.Text(into.ToString());
    }

    /// <summary>Python's str.title: the first letter of each run of letters.</summary>
    public static string Title(string text)
    {
        var into = new StringBuilder(text.Length);
        var inWord = false;
        foreach (var c in text)
        {
            into.Append(inWord ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
            inWord = char.IsLetter(c);
        }

        return into.ToString();
    }

    public static TextValue Join(Evaluator evaluator, string separator, ImmutableArray<Value> items)
    {
        var parts = items.Select((item, at) => item is TextValue part ? part.Value
            : throw new PythonTypeException($"sequence item {at}: expected str instance, {Operators.Defined(item).TypeName} found"));
        evaluator.Budget.Characters((long)separator.Length * items.Length);
        return evaluator.Budget.Text(string.Join(separator, parts));
    }

    public static string StripChars(string text, Value? characters, bool left, bool right)
    {
        if (characters is null or NullValue)
        {
            return left && right ? text.Trim() : left ? text.TrimStart() : text.TrimEnd();
        }

        var set = Text(characters).ToCharArray();
        return set.Length == 0 ? text : left && right ? text.Trim(set) : left ? text.TrimStart(set) : text.TrimEnd(set);
    }

    private static TextValue Strip(Evaluator evaluator, Value text, Arguments arguments, bool left, bool right) =>
        evaluator.Budget.Text(StripChars(Of(text), arguments.Bind("strip()", 0, "chars")[0], left, right));

    private static TextValue Replace(Evaluator evaluator, Value text, Arguments arguments)
    {
        var bound = arguments.Bind("replace()", 2, "old", "new", "count");
        return Replace(evaluator, Of(text), Text(bound[0]), Text(bound[1]), Integer(bound[2], -1));
    }

    /// <summary>Replaces at most <paramref name="count"/> times, or always when negative; paid for before it is made.</summary>
    public static TextValue Replace(Evaluator evaluator, string text, string old, string by, long count)
    {
        evaluator.Budget.Step(1 + (text.Length / 16));
        if (old.Length == 0)
        {
            var most = count < 0 ? long.MaxValue : count;
            var into = new StringBuilder();
            evaluator.Budget.Characters(text.Length + (Math.Min(most, text.Length + 1L) * by.Length));
            for (var i = 0; i <= text.Length; i++)
            {
                into.Append(i < most ? by : "").Append(i < text.Length ? text[i] : "");
            }

            return new TextValue(into.ToString());
        }

        var result = new StringBuilder();
        var from = 0;
        for (var found = text.IndexOf(old, StringComparison.Ordinal); found >= 0 && count != 0; found = text.IndexOf(old, from, StringComparison.Ordinal))
        {
            evaluator.Budget.Characters(by.Length);
            result.Append(text, from, found - from).Append(by);
            from = found + old.Length;
            count--;
        }

        return evaluator.Budget.Text(result.Append(text, from, text.Length - from).ToString());
    }

    private static TextValue ZeroFill(Evaluator evaluator, Value text, Arguments arguments)
    {
        var s = Of(text);
        var width = Integer(arguments.Bind("zfill()", 1, "width")[0], 0);
        var missing = width - Items.LengthOf(s);
        evaluator.Budget.Characters(Math.Max(0, missing) + s.Length);
        var sign = s.StartsWith('+') || s.StartsWith('-') ? 1 : 0;
        return new TextValue(missing <= 0 ? s : s[..sign] + new string('0', (int)missing) + s[sign..]);
    }

    private static TextValue Pad(Evaluator evaluator, Value text, Arguments arguments, char side)
    {
        var bound = arguments.Bind("just()", 1, "width", "fillchar");
        var fill = bound[1] is null ? " " : Text(bound[1]);
        return fill.Length == 1
            ? Pad(evaluator, Of(text), Integer(bound[0], 0), fill[0], side)
            : throw new TemplateException("The fill character must be exactly one character long");
    }

    public static TextValue Pad(Evaluator evaluator, string text, long width, char fill, char side)
    {
        var missing = Math.Max(0, width - Items.LengthOf(text));
        evaluator.Budget.Characters(missing + text.Length);
        var left = side switch { 'l' => 0, 'r' => missing, _ => (missing / 2) + (missing & width & 1) };
        return new TextValue(new string(fill, (int)left) + text + new string(fill, (int)(missing - left)));
    }

    private static Method Simple(string name, Func<string, string> make) => new(name, (evaluator, text, arguments) =>
    {
        arguments.Bind(name + "()", 0);
        return evaluator.Budget.Text(make(Of(text)));
    });
}

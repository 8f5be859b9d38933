using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;
using static Gateway.Playbooks.Expressions.Methods.TextMethods;

namespace Gateway.Playbooks.Expressions.Methods;

/// <summary>Methods of texts that split, search and ask.</summary>
internal static class TextSearchMethods
{
    public static ImmutableArray<Method> All { get; } =
    [
        new("split", (evaluator, text, arguments) => Split(evaluator, Of(text), arguments, fromRight: false)),
        new("rsplit", (evaluator, text, arguments) => Split(evaluator, Of(text), arguments, fromRight: true)),
        new("splitlines", SplitLines),
        new("partition", (evaluator, text, arguments) => Partition(Of(text), Text(arguments.Bind("partition()", 1, "sep")[0]), false)),
        new("rpartition", (evaluator, text, arguments) => Partition(Of(text), Text(arguments.Bind("rpartition()", 1, "sep")[0]), true)),
        new("startswith", (evaluator, text, arguments) => AnyOf(arguments, "startswith()", part => Of(text).StartsWith(part, StringComparison.Ordinal))),
        new("endswith", (evaluator, text, arguments) => AnyOf(arguments, "endswith()", part => Of(text).EndsWith(part, StringComparison.Ordinal))),
        new("find", (evaluator, text, arguments) => Find(Of(text), arguments, "find()", false)),
        new("rfind", (evaluator, text, arguments) => Find(Of(text), arguments, "rfind()", true)),
        new("index", (evaluator, text, arguments) => Found(Find(Of(text), arguments, "index()", false))),
        new("rindex", (evaluator, text, arguments) => Found(Find(Of(text), arguments, "rindex()", true))),
        new("count", (evaluator, text, arguments) => Count(Of(text), Text(arguments.Bind("count()", 1, "sub")[0]))),
        Ask("isdigit", c => char.IsDigit(c) || CharUnicodeInfo.GetDigitValue(c) >= 0),
        Ask("isdecimal", char.IsDigit),
        new("istitle", (_, text, _) => Of(text).Any(char.IsLetter) && Of(text) == TextMethods.Title(Of(text))),
        Ask("isnumeric", c => char.IsNumber(c)),
        Ask("isalpha", char.IsLetter),
        Ask("isalnum", c => char.IsLetter(c) || char.IsNumber(c)),
        Ask("isspace", char.IsWhiteSpace),
        new("isupper", (evaluator, text, arguments) => Of(text).Any(char.IsUpper) && !Of(text).Any(char.IsLower)),
        new("islower", (evaluator, text, arguments) => Of(text).Any(char.IsLower) && !Of(text).Any(char.IsUpper)),
        new("isidentifier", (evaluator, text, arguments) => Of(text).Length > 0 && !char.IsDigit(Of(text)[0]) && Of(text).All(c => c == '_' || char.IsLetterOrDigit(c))),
    ];

    private static Method Ask(string name, Func<char, bool> question) => new(name, (_, text, arguments) =>
    {
        arguments.Bind(name + "()", 0);
        return Of(text).Length > 0 && Of(text).All(question);
    });

    /// <summary>Python's split: at a separator, or at runs of white space with none.</summary>
    public static ListValue Split(Evaluator evaluator, string text, Arguments arguments, bool fromRight)
    {
        var bound = arguments.Bind("split()", 0, "sep", "maxsplit");
        var most = Integer(bound[1], -1);
        evaluator.Budget.Characters(text.Length);
        var parts = bound[0] is null or NullValue ? Words(text, most, fromRight) : Parts(text, Text(bound[0]), most, fromRight);
        evaluator.Budget.Step(parts.Count);
        return ListValue.Of(parts.Select(part => new TextValue(part)));
    }

    private static List<string> Words(string text, long most, bool fromRight)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToList();
        if (most < 0 || words.Count <= most + 1)
        {
            return words;
        }

        var kept = (int)most;
        var rest = fromRight ? text.TrimEnd() : text.TrimStart();
        for (var i = 0; i < kept; i++)
        {
            rest = fromRight ? rest[..^words[words.Count - 1 - i].Length].TrimEnd() : rest[words[i].Length..].TrimStart();
        }

        return fromRight
            ? [rest.TrimStart() is var first && kept == 0 ? text.TrimEnd() : rest, .. words.Skip(words.Count - kept)]
            : [.. words.Take(kept), rest.TrimEnd() is var last && kept == 0 ? text.TrimStart() : rest];
    }

    private static List<string> Parts(string text, string separator, long most, bool fromRight)
    {
        if (separator.Length == 0)
        {
            throw new PythonValueException("empty separator");
        }

        var parts = text.Split(separator).ToList();
        if (most < 0 || parts.Count <= most + 1)
        {
            return parts;
        }

        var kept = (int)most;
        return fromRight
            ? [string.Join(separator, parts.Take(parts.Count - kept)), .. parts.Skip(parts.Count - kept)]
            : [.. parts.Take(kept), string.Join(separator, parts.Skip(kept))];
    }

    private static Value SplitLines(Evaluator evaluator, Value value, Arguments arguments)
    {
        var keepEnds = arguments.Bind("splitlines()", 0, "keepends")[0]?.IsTrue ?? false;
        var text = Of(value);
        evaluator.Budget.Characters(text.Length);
        var lines = ImmutableArray.CreateBuilder<Value>();
        for (var from = 0; from < text.Length;)
        {
            var end = text.AsSpan(from).IndexOfAny("\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029");
            var stop = end < 0 ? text.Length : from + end;
            var next = end < 0 ? stop : text[stop] == '\r' && stop + 1 < text.Length && text[stop + 1] == '\n' ? stop + 2 : stop + 1;
            lines.Add(new TextValue(text[from..(keepEnds ? next : stop)]));
            from = next;
        }

        evaluator.Budget.Step(lines.Count);
        return new ListValue(lines.ToImmutable());
    }

    private static ListValue Partition(string text, string separator, bool fromRight)
    {
        if (separator.Length == 0)
        {
            throw new PythonValueException("empty separator");
        }

        var at = fromRight ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        return at >= 0 ? new([text[..at], separator, text[(at + separator.Length)..]], true)
            : fromRight ? new(["", "", text], true)
            : new([text, "", ""], true);
    }

    private static BoolValue AnyOf(Arguments arguments, string what, Func<string, bool> isSo)
    {
        var bound = arguments.Bind(what, 1, "prefix")[0]!;
        var any = bound is ListValue { IsTuple: true } tuple ? tuple.Items.Any(item => isSo(Text(item))) : isSo(Text(bound));
        return any ? BoolValue.True : BoolValue.False;
    }

    /// <summary>Where a part stands, in code points, or -1.</summary>
    private static long Find(string text, Arguments arguments, string what, bool last)
    {
        var bound = arguments.Bind(what, 1, "sub", "start", "end");
        if (text.Any(char.IsSurrogate) && (bound[1] ?? bound[2]) is not null)
        {
            throw new TemplateException($"{what} with bounds is not supported on a text with characters beyond U+FFFF");
        }

        var (from, to) = (Bound(bound[1], 0, text.Length), Bound(bound[2], text.Length, text.Length));
        if (from > to)
        {
            return -1;
        }

        var span = text.AsSpan(from, to - from);
        var at = last ? span.LastIndexOf(Text(bound[0])) : span.IndexOf(Text(bound[0]));
        return at < 0 ? -1 : Items.LengthOf(text[..(from + at)]);
    }

    private static int Bound(Value? value, int byDefault, int length)
    {
        var index = value is null or NullValue ? byDefault : Integer(value, 0);
        return (int)Math.Clamp(index < 0 ? index + length : index, 0, length);
    }

    private static Value Found(long at) => at >= 0 ? at : throw new PythonValueException("substring not found");

    private static long Count(string text, string part) => part.Length == 0 ? Items.LengthOf(text) + 1 : Regex.Count(text, Regex.Escape(part), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Patterns;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Regular expressions, with Python's syntax in patterns and replacements.</summary>
internal static class RegexFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("regex_replace", Replace),
        new("regex_search", Search),
        new("regex_findall", FindAll),
        new("regex_escape", Escape),
    ];

    private static TextValue Replace(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("regex_replace", 0, "pattern", "replacement", "ignorecase", "multiline");
        var budget = evaluator.Budget;
        var regex = PythonRegex.Compile(TextMethods.Text(bound[0]), bound[2]?.IsTrue ?? false, bound[3]?.IsTrue ?? false, budget);
        var replacement = TextMethods.Text(bound[1]);
        var text = budget.Str(value);
        var into = new StringBuilder();
        var from = 0;
        foreach (var match in regex.FindAll(text, budget))
        {
            into.Append(text, from, match.Index - from);
            var by = Expand(replacement, regex, match);
            budget.Characters(by.Length);
            into.Append(by);
            from = match.Index + match.Length;
        }

        return budget.Text(into.Append(text, from, text.Length - from).ToString());
    }

    /// <summary>A replacement with its references filled in: <c>\1</c>, <c>\g&lt;1&gt;</c>, <c>\g&lt;name&gt;</c>, <c>\n</c>.</summary>
    internal static string Expand(string replacement, PythonRegex regex, Match match)
    {
        var into = new StringBuilder();
        for (var i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] != '\\')
            {
                into.Append(replacement[i]);
                continue;
            }

            i++;
            var c = i < replacement.Length ? replacement[i] : throw new TemplateException("bad escape (end of pattern) in the replacement");
            if (c == 'g')
            {
                var end = i + 1 < replacement.Length && replacement[i + 1] == '<' ? replacement.IndexOf('>', i) : -1;
                into.Append(PythonRegex.Group(match, Number(regex, end < 0 ? throw new TemplateException("missing < or > in the replacement") : replacement[(i + 2)..end])));
                i = end;
            }
            else if (c is >= '1' and <= '9')
            {
                var length = i + 1 < replacement.Length && char.IsAsciiDigit(replacement[i + 1]) ? 2 : 1;
                into.Append(PythonRegex.Group(match, Number(regex, replacement.Substring(i, length))));
                i += length - 1;
            }
            else
            {
                into.Append(c switch
                {
                    'n' => "\n",
                    't' => "\t",
                    'r' => "\r",
                    'a' => "\a",
                    'f' => "\f",
                    'v' => "\v",
                    'b' => "\b",
                    '0' => "\0",
                    '\\' => "\\",
                    _ when char.IsAsciiLetter(c) => throw new TemplateException($"bad escape \\{c} in the replacement"),
                    _ => "\\" + c,
                });
            }
        }

        return into.ToString();
    }

    private static int Number(PythonRegex regex, string group)
    {
        var number = int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : regex.Names.GetValueOrDefault(group, -1);
        return number >= 0 && number <= regex.Groups ? number : throw new TemplateException($"invalid group reference {group}");
    }

    private static Value Search(Evaluator evaluator, Value value, Arguments arguments)
    {
        var flags = new Arguments([], arguments.Named).Bind("regex_search", 0, "ignorecase", "multiline");
        var budget = evaluator.Budget;
        if (arguments.Positional.Length == 0)
        {
            throw new TemplateException("regex_search is missing the required argument 'regex'");
        }

        var regex = PythonRegex.Compile(TextMethods.Text(arguments.Positional[0]), flags[0]?.IsTrue ?? false, flags[1]?.IsTrue ?? false, budget);
        var wanted = arguments.Positional.Skip(1).Select(argument => TextMethods.Text(argument)).Select(argument => argument switch
        {
            _ when argument.StartsWith("\\g<", StringComparison.Ordinal) && argument.Contains('>', StringComparison.Ordinal) => argument[3..argument.IndexOf('>', StringComparison.Ordinal)],
            _ when argument.StartsWith('\\') && argument.Length > 1 && char.IsAsciiDigit(argument[1]) => string.Concat(argument.Skip(1).TakeWhile(char.IsAsciiDigit)),
            _ => throw new TemplateException("Unknown argument"),
        }).ToList();
        var match = regex.Find(budget.Str(value), atStart: false, budget);
        if (match is null)
        {
            return NullValue.None;
        }

        return wanted.Count == 0 ? budget.Text(match.Value) : ListValue.Of(wanted.Select(group => Group(match, Number(regex, group))));
    }

    /// <summary>A group's text, or None when it took no part in the match.</summary>
    private static Value Group(Match match, int number) =>
        match.Groups[number.ToString(CultureInfo.InvariantCulture)].Success ? new TextValue(PythonRegex.Group(match, number)) : NullValue.None;

    private static ListValue FindAll(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("regex_findall", 1, "regex", "multiline", "ignorecase");
        var budget = evaluator.Budget;
        var regex = PythonRegex.Compile(TextMethods.Text(bound[0]), bound[2]?.IsTrue ?? false, bound[1]?.IsTrue ?? false, budget);
        return ListValue.Of(regex.FindAll(budget.Str(value), budget).Select(match => regex.Groups switch
        {
            0 => (Value)match.Value,
            1 => PythonRegex.Group(match, 1),
            _ => new ListValue([.. Enumerable.Range(1, regex.Groups).Select(group => (Value)PythonRegex.Group(match, group))], true),
        }).ToList());
    }

    private static Value Escape(Evaluator evaluator, Value value, Arguments arguments)
    {
        var type = arguments.Bind("regex_escape", 0, "re_type")[0] is TextValue text ? text.Value : "python";
        var special = type switch
        {
            "python" => "()[]{}?*+-|^$\\.&~# \t\n\r\v\f",
            "posix_basic" => "].[^$*\\",
            "posix_extended" => throw new TemplateException($"Regex type ({type}) not yet implemented"),
            _ => throw new TemplateException($"Invalid regex type ({type})"),
        };
        return evaluator.Budget.Text(string.Concat(evaluator.Budget.Str(value).Select(c => special.Contains(c, StringComparison.Ordinal) ? "\\" + c : c.ToString())));
    }
}

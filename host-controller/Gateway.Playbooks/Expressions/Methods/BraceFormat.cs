using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Methods;

/// <summary>Python's <c>'{} {name:&gt;8}'.format(...)</c>: fields by place and name, with fill, alignment, width, precision and type.</summary>
internal static partial class BraceFormat
{
    public static Value Apply(Evaluator evaluator, string format, Arguments arguments)
    {
        var into = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                into.Append(c);
                i++;
            }
            else if (c == '}')
            {
                throw new TemplateException("Single '}' encountered in format string");
            }
            else if (c == '{')
            {
                var end = format.IndexOf('}', i);
                into.Append(Field(evaluator, end < 0 ? throw new TemplateException("Single '{' encountered in format string") : format[(i + 1)..end], arguments, ref next));
                i = end;
            }
            else
            {
                into.Append(c);
            }
        }

        return evaluator.Budget.Text(into.ToString());
    }

    private static string Field(Evaluator evaluator, string field, Arguments arguments, ref int next)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var (name, spec) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
        if (name.AsSpan().IndexOfAny(".[!{") >= 0 || spec.Contains('{', StringComparison.Ordinal))
        {
            throw new TemplateException($"'{{{field}}}' is not supported in format(): give the value itself, and no nested field or conversion");
        }

        Value value;
        if (name.Length == 0 || name.All(char.IsAsciiDigit))
        {
            var place = name.Length == 0 ? next++ : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : int.MaxValue;
            value = place < arguments.Positional.Length ? arguments.Positional[place]
                : throw new TemplateException($"Replacement index {place} out of range for positional args tuple");
        }
        else
        {
            value = arguments.Named.FirstOrDefault(pair => pair.Key == name).Value ?? throw new TemplateException($"KeyError: {PythonText.Quoted(name)}");
        }

        evaluator.Budget.Step();
        return Format(evaluator, Operators.Defined(value), spec);
    }

    private static string Format(Evaluator evaluator, Value value, string spec)
    {
        if (spec.Length == 0)
        {
            return evaluator.Budget.Str(value);
        }

        if (value is not (TextValue or IntValue or FloatValue or BoolValue))
        {
            throw new PythonTypeException($"unsupported format string passed to {value.TypeName}.__format__");
        }

        if (Spec().Match(spec) is not { Success: true } match)
        {
            throw new PythonValueException($"Invalid format specifier '{spec}' for object of type '{value.TypeName}'");
        }

        string Part(string name) => match.Groups[name].Value;
        var width = Part("width").Length == 0 ? 0 : int.Parse(Part("width"), CultureInfo.InvariantCulture);
        var precision = Part("precision").Length == 0 ? (int?)null : int.Parse(Part("precision"), CultureInfo.InvariantCulture);
        evaluator.Budget.Characters(width);
        var isZeroFilled = Part("zero").Length > 0;
        var fill = Part("fill").Length > 0 ? Part("fill")[0] : isZeroFilled ? '0' : ' ';
        var align = Part("align").Length > 0 ? Part("align")[0] : value is TextValue ? '<' : isZeroFilled ? '=' : '>';
        var text = value is TextValue given
            ? Text(given.Value, precision, Part("type"), align)
            : Number(evaluator, value, Part("sign"), Part("alternate").Length > 0, Part("group"), precision, Part("type"));
        return Align(text, fill, align, width);
    }

    private static string Text(string text, int? precision, string type, char align) =>
        type is not ("" or "s") ? throw new PythonValueException($"Unknown format code '{type}' for object of type 'str'")
        : align == '=' ? throw new PythonValueException("'=' alignment not allowed in string format specifier")
        : precision < text.Length ? text[..precision.Value]
        : text;

    private static string Number(Evaluator evaluator, Value value, string sign, bool isAlternate, string group, int? precision, string type)
    {
        var isNegative = value is IntValue { Value: < 0 } or FloatValue { Value: < 0 };
        var whole = PythonEquality.Integer(value) is { } integer and not long.MinValue ? Math.Abs(integer) : (long?)null;
        var text = (whole, type) switch
        {
            ({ } number, "" or "d" or "n") when precision is null => number.ToString(CultureInfo.InvariantCulture),
            ({ } number, "b") => (isAlternate ? "0b" : "") + Convert.ToString(number, 2),
            ({ } number, "o") => (isAlternate ? "0o" : "") + Convert.ToString(number, 8),
            ({ } number, "x" or "X") => (isAlternate ? "0" + type : "") + number.ToString(type, CultureInfo.InvariantCulture),
            ({ } number, "c") => char.ConvertFromUtf32((int)Math.Min(number, 0x10ffff)),
            (null, "b" or "o" or "x" or "X" or "c" or "d") or (_, "s") => throw new PythonValueException($"Unknown format code '{type}' for object of type '{value.TypeName}'"),
            _ => Real(evaluator, Math.Abs(PythonEquality.Number(value)!.Value), precision, type),
        };
        return (isNegative ? "-" : sign == "-" ? "" : sign) + (group.Length > 0 ? Grouped(text, group, type is "b" or "o" or "x" or "X" ? 4 : 3) : text);
    }

    private static string Real(Evaluator evaluator, double number, int? precision, string type) =>
        type.Length == 0 && precision is null ? PythonText.Repr(number)
        : type == "%" ? Printf(evaluator, number * 100, precision, "f") + "%"
        : Printf(evaluator, number, precision, type is "" or "n" ? "g" : type);

    private static string Printf(Evaluator evaluator, double number, int? precision, string type) =>
        PercentFormat.Apply($"%{(precision is { } digits ? $".{digits}" : "")}{type}", new ListValue([number], true), evaluator.Budget);

    private static string Grouped(string text, string group, int size)
    {
        var end = text.TakeWhile(char.IsAsciiHexDigit).Count();
        var into = new StringBuilder(text);
        for (var at = end - size; at > 0; at -= size)
        {
            into.Insert(at, group);
        }

        return into.ToString();
    }

    private static string Align(string text, char fill, char align, int width)
    {
        var missing = Math.Max(0, width - text.Length);
        var sign = align == '=' && text.Length > 0 && text[0] is '-' or '+' or ' ' ? 1 : 0;
        return align switch
        {
            '<' => text + new string(fill, missing),
            '>' => new string(fill, missing) + text,
            '^' => new string(fill, missing / 2) + text + new string(fill, missing - (missing / 2)),
            _ => text[..sign] + new string(fill, missing) + text[sign..],
        };
    }

    [GeneratedRegex(@"^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>[0-9]{1,6})?(?<group>[,_])?(?:\.(?<precision>[0-9]{1,3}))?(?<type>[bcdeEfFgGnosxX%])?\z", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex Spec();
}

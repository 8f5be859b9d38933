using System.Globalization;
using System.Text;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Methods;

/// <summary>Python's <c>'{} {name:&gt;8}'.format(...)</c>: fields by place and name, with fill, alignment, width, precision and type.</summary>
internal static class BraceFormat
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

        var i = 0;
        var (fill, align) = (' ', value is TextValue ? '<' : '>');
        if (spec.Length > 1 && "<>^=".Contains(spec[1], StringComparison.Ordinal))
        {
            (fill, align, i) = (spec[0], spec[1], 2);
        }
        else if ("<>^=".Contains(spec[0], StringComparison.Ordinal))
        {
            (align, i) = (spec[0], 1);
        }

        var sign = i < spec.Length && spec[i] is '+' or '-' or ' ' ? spec[i++].ToString() : "";
        if (i < spec.Length && spec[i] == '0')
        {
            (fill, align) = ('0', '=');
            i++;
        }

        var from = i;
        while (i < spec.Length && (char.IsAsciiDigit(spec[i]) || spec[i] == '.'))
        {
            i++;
        }

        var size = spec[from..i].Split('.');
        if (value is IntValue whole && size.Length == 1 && i < spec.Length && (spec[i] is ',' or '_') && spec.Length - i <= 2 && (spec.Length - i == 1 || spec[i + 1] == 'd'))
        {
            var grouped = whole.Value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', spec[i]);
            return Align(sign == "+" && whole.Value >= 0 ? "+" + grouped : grouped, fill, align, size[0].Length is > 0 and <= 6 ? int.Parse(size[0], CultureInfo.InvariantCulture) : 0);
        }

        if (spec.Length - i > 1 || size.Length > 2 || size[0].Length > 6 || align == '=' && value is TextValue || value is not (TextValue or IntValue or FloatValue))
        {
            throw new TemplateException($"the format '{spec}' is not supported for a {value.TypeName}");
        }

        var width = size[0].Length == 0 ? 0 : int.Parse(size[0], CultureInfo.InvariantCulture);
        evaluator.Budget.Characters(width);
        var type = i < spec.Length ? spec[i] : value switch { IntValue => 'd', FloatValue when size.Length == 2 => 'g', _ => 's' };
        var text = value is FloatValue && type == 's' ? PythonText.Repr(value)
            : PercentFormat.Apply($"%{(sign == "-" ? "" : sign)}{(size.Length == 2 ? "." + size[1] : "")}{type}", new ListValue([value], true), evaluator.Budget);
        return Align(text, fill, align, width);
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
}

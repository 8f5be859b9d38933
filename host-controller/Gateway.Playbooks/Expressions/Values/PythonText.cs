using System.Globalization;
using System.Text;

namespace Gateway.Playbooks.Expressions;

/// <summary>Prints values as Python's <c>str</c> and <c>repr</c> do (docs.python.org/3/library/functions.html#repr).</summary>
public static class PythonText
{
    /// <summary><c>str(value)</c>: texts as they are, everything else as <see cref="Repr"/>.</summary>
    public static string Str(Value value) => value switch
    {
        TextValue text => text.Value,
        TimeValue time => Time(time),
        SpanValue span => PythonSpan.Str(span.Value),
        _ => Repr(value),
    };

    /// <summary><c>repr(value)</c>.</summary>
    public static string Repr(Value value)
    {
        var into = new StringBuilder();
        Write(value, into, int.MaxValue);
        return into.ToString();
    }

    /// <summary><c>repr(value)</c>, given up once it is longer than a limit.</summary>
    internal static bool TryWrite(Value value, StringBuilder into, int longest)
    {
        Write(value, into, longest);
        return into.Length <= longest;
    }

    /// <summary>A float as <c>repr</c> prints it: the shortest digits that read back, exponent from 1e16 and below 1e-4.</summary>
    public static string Float(double number)
    {
        if (double.IsNaN(number))
        {
            return "nan";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "inf" : "-inf";
        }

        var scientific = number.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Digits(shortest);
        var sign = scientific[0] == '-' ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        }

        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        return digits.Length <= exponent + 1
            ? $"{sign}{digits}{new string('0', exponent + 1 - digits.Length)}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>What <c>str.upper()</c> gives: a sharp s becomes two letters.</summary>
    internal static string Upper(string text) => text.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);

    /// <summary>What Python prints for a value's class.</summary>
    internal static string Class(Value value) => $"<class '{ClassPath(value)}'>";

    /// <summary>A class with its module, unless it is one of Python's own.</summary>
    internal static string ClassPath(Value value) => value.ClassName switch
    {
        "AnsibleUnsafeText" => "ansible.utils.unsafe_proxy.AnsibleUnsafeText",
        "AnsibleUnicode" => "ansible.parsing.yaml.objects.AnsibleUnicode",
        "NativeJinjaText" => "ansible.utils.native_jinja.NativeJinjaText",
        "AnsibleUndefined" => "ansible.template.AnsibleUndefined",
        var name => name,
    };

    /// <summary>A text in Python's quotes: single, or double when it holds single quotes and no double ones.</summary>
    public static string Quoted(string text)
    {
        var into = new StringBuilder(text.Length + 2);
        WriteQuoted(text, into);
        return into.ToString();
    }

    internal static string Time(TimeValue time)
    {
        if (time.IsDate)
        {
            return time.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        var text = time.Value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var microseconds = time.Value.Ticks % TimeSpan.TicksPerSecond / 10;
        text += microseconds == 0 ? "" : "." + microseconds.ToString("000000", CultureInfo.InvariantCulture);
        return time.HasOffset ? text + Offset(time.Value.Offset) : text;
    }

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.Duration().ToString(@"hh\:mm", CultureInfo.InvariantCulture);

    /// <summary>The significant digits of a round-trip text and the power of ten of the first.</summary>
    private static (string Digits, int Exponent) Digits(string shortest)
    {
        var text = shortest.TrimStart('-');
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var power = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var digits = whole + (point < 0 ? "" : mantissa[(point + 1)..]);
        var leading = digits.Length - digits.TrimStart('0').Length;
        var significant = digits.Trim('0');
        return significant.Length == 0 ? ("0", 0) : (significant, power + whole.Length - 1 - leading);
    }

    private static void Write(Value value, StringBuilder into, int longest)
    {
        if (into.Length > longest)
        {
            return;
        }

        switch (value)
        {
            case TextValue text:
                WriteQuoted(text.Value, into);
                break;
            case BoolValue truth:
                into.Append(truth.Value ? "True" : "False");
                break;
            case NullValue:
                into.Append("None");
                break;
            case IntValue number:
                into.Append(number.Value);
                break;
            case FloatValue number:
                into.Append(Float(number.Value));
                break;
            case TimeValue time:
                WriteTime(time, into);
                break;
            case SpanValue span:
                into.Append(PythonSpan.Repr(span.Value));
                break;
            case ListValue list:
                WriteList(list, into, longest);
                break;
            case DictValue dict:
                WriteDict(dict, into, longest);
                break;
            default:
                into.Append(value is UndefinedValue ? "AnsibleUndefined" : $"<{value.TypeName}>");
                break;
        }
    }

    private static void WriteList(ListValue list, StringBuilder into, int longest)
    {
        into.Append(list.IsTuple ? '(' : '[');
        for (var i = 0; i < list.Items.Length; i++)
        {
            into.Append(i == 0 ? "" : ", ");
            Write(list.Items[i], into, longest);
        }

        into.Append(list.IsTuple ? list.Items.Length == 1 ? ",)" : ")" : "]");
    }

    private static void WriteDict(DictValue dict, StringBuilder into, int longest)
    {
        into.Append('{');
        var first = true;
        foreach (var (key, value) in dict.Entries)
        {
            into.Append(first ? "" : ", ");
            first = false;
            Write(key, into, longest);
            into.Append(": ");
            Write(value, into, longest);
        }

        into.Append('}');
    }

    private static void WriteTime(TimeValue time, StringBuilder into)
    {
        var at = time.Value;
        into.Append(time.IsDate ? "datetime.date(" : "datetime.datetime(").Append(at.Year).Append(", ").Append(at.Month).Append(", ").Append(at.Day);
        if (!time.IsDate)
        {
            var microseconds = at.Ticks % TimeSpan.TicksPerSecond / 10;
            into.Append(", ").Append(at.Hour).Append(", ").Append(at.Minute);
            into.Append(at.Second != 0 || microseconds != 0 ? $", {at.Second}" : "").Append(microseconds != 0 ? $", {microseconds}" : "");
            into.Append(time.HasOffset ? $", tzinfo={Zone(time.Value.Offset)}" : "");
        }

        into.Append(')');
    }

    private static string Zone(TimeSpan offset)
    {
        var days = (int)Math.Floor(offset.TotalDays);
        var seconds = (long)(offset - TimeSpan.FromDays(days)).TotalSeconds;
        return offset == TimeSpan.Zero ? "datetime.timezone.utc"
            : $"datetime.timezone(datetime.timedelta({(days == 0 ? "" : $"days={days}, ")}seconds={seconds}))";
    }

    private static void WriteQuoted(string text, StringBuilder into)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        into.Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            WriteRune(rune, quote, into);
        }

        into.Append(quote);
    }

    private static void WriteRune(Rune rune, char quote, StringBuilder into)
    {
        switch (rune.Value)
        {
            case '\n':
                into.Append("\\n");
                break;
            case '\r':
                into.Append("\\r");
                break;
            case '\t':
                into.Append("\\t");
                break;
            case '\\':
                into.Append("\\\\");
                break;
            case var c when c == quote:
                into.Append('\\').Append(quote);
                break;
            case var c when !IsPrintable(rune):
                into.Append(c switch
                {
                    < 0x100 => $"\\x{c:x2}",
                    < 0x10000 => $"\\u{c:x4}",
                    _ => $"\\U{c:x8}",
                });
                break;
            default:
                into.Append(rune.ToString());
                break;
        }
    }

    /// <summary>Python's str.isprintable: no controls, formats, surrogates, private use, unassigned, or separators but the space.</summary>
    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}

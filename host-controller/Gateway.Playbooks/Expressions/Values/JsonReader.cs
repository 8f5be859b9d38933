using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Gateway.Playbooks.Expressions;

/// <summary>Reads JSON as Python's json module does, with NaN and Infinity, and says what is wrong in its words.</summary>
internal sealed class JsonReader(string json, bool isUnsafe)
{
    private const int Deepest = 100;
    private int at;
    private int depth;

    /// <summary>The value; a <see cref="FormatException"/> when the text is not one value.</summary>
    public Value Read()
    {
        SkipSpace();
        var value = ReadValue();
        SkipSpace();
        return at == json.Length ? value : throw Wrong("Extra data", at);
    }

    private Value ReadValue()
    {
        if (++depth > Deepest)
        {
            throw new FormatException($"nested deeper than {Deepest}");
        }

        Value value = (at < json.Length ? json[at] : '\0') switch
        {
            '{' => ReadDict(),
            '[' => ReadList(),
            '"' => new TextValue(ReadText(), isUnsafe),
            _ when Skip("null") => NullValue.None,
            _ when Skip("true") => BoolValue.True,
            _ when Skip("false") => BoolValue.False,
            _ when Skip("NaN") => double.NaN,
            _ when Skip("Infinity") => double.PositiveInfinity,
            _ when Skip("-Infinity") => double.NegativeInfinity,
            _ => ReadNumber(),
        };
        depth--;
        return value;
    }

    private DictValue ReadDict()
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<Value, Value>>();
        at++;
        SkipSpace();
        for (var more = !Skip("}"); more; more = IsMore('}'))
        {
            if (at >= json.Length || json[at] != '"')
            {
                throw Wrong("Expecting property name enclosed in double quotes", at);
            }

            var key = new TextValue(ReadText(), isUnsafe);
            SkipSpace();
            if (!Skip(":"))
            {
                throw Wrong("Expecting ':' delimiter", at);
            }

            SkipSpace();
            entries.Add(new(key, ReadValue()));
        }

        return DictValue.Of(entries);
    }

    private ListValue ReadList()
    {
        var items = ImmutableArray.CreateBuilder<Value>();
        at++;
        SkipSpace();
        for (var more = !Skip("]"); more; more = IsMore(']'))
        {
            items.Add(ReadValue());
        }

        return new ListValue(items.ToImmutable());
    }

    private bool IsMore(char close)
    {
        SkipSpace();
        if (Skip(close.ToString()))
        {
            return false;
        }

        if (!Skip(","))
        {
            throw Wrong("Expecting ',' delimiter", at);
        }

        SkipSpace();
        return true;
    }

    private Value ReadNumber()
    {
        var from = at;
        Skip("-");
        var first = at;
        if (!Skip("0"))
        {
            SkipDigits();
        }

        if (at == first)
        {
            throw Wrong("Expecting value", from);
        }

        var end = at;
        end = Skip(".") && SkipDigits() ? at : end;
        at = end;
        if ((Skip("e") || Skip("E")) && (Skip("+") || Skip("-") || true) && SkipDigits())
        {
            end = at;
        }

        at = end;
        var text = json.AsSpan(from, end - from);
        return text.IndexOfAny(".eE") >= 0 ? new FloatValue(double.Parse(text, CultureInfo.InvariantCulture))
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? new IntValue(number)
            : throw new FormatException("holds an integer that does not fit into 64 bits");
    }

    private string ReadText()
    {
        var from = at++;
        var into = new StringBuilder();
        while (at < json.Length && json[at] != '"')
        {
            if (json[at] < ' ')
            {
                throw Wrong("Invalid control character at", at);
            }

            into.Append(json[at] == '\\' ? Escaped(from) : json[at]);
            at++;
        }

        if (at++ >= json.Length)
        {
            throw Wrong("Unterminated string starting at", from);
        }

        return into.ToString();
    }

    private char Escaped(int from)
    {
        var place = at++;
        var c = at < json.Length ? json[at] : throw Wrong("Unterminated string starting at", from);
        if (c == 'u')
        {
            at += 4;
            return at < json.Length && json[(at - 3)..(at + 1)] is var digits && digits.All(char.IsAsciiHexDigit)
                ? (char)int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : throw Wrong("Invalid \\uXXXX escape", place + 1);
        }

        return c switch
        {
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '"' or '\\' or '/' => c,
            _ => throw Wrong("Invalid \\escape", place),
        };
    }

    private bool Skip(string text)
    {
        var isThere = string.CompareOrdinal(json, at, text, 0, text.Length) == 0;
        at += isThere ? text.Length : 0;
        return isThere;
    }

    private bool SkipDigits()
    {
        var from = at;
        while (at < json.Length && char.IsAsciiDigit(json[at]))
        {
            at++;
        }

        return at > from;
    }

    private void SkipSpace()
    {
        while (at < json.Length && json[at] is ' ' or '\t' or '\n' or '\r')
        {
            at++;
        }
    }

    private FormatException Wrong(string what, int place)
    {
        var before = json.AsSpan(0, Math.Min(place, json.Length));
        return new FormatException($"{what}: line {before.Count('\n') + 1} column {place - before.LastIndexOf('\n')} (char {place})");
    }
}

using System.Text;

namespace Gateway.UnitTests.Fuzz;

/// <summary>Makes senseless documents out of sensible ones; the same ones for the same random numbers.</summary>
internal sealed class Mutator(Random random)
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly string[] Tokens =
    [
        "", " ", "\n", "\t", "{", "}", "[", "]", "[]", "{}", ":", ": ", ",", "-", "- ", "? ", "#", "&a ", "*a", "*nowhere", "<<: *a", "!!str ", "!!int ", "!evil ", "|\n", ">-\n", "'", "\"", "\\",
        "%YAML 1.1\n", "---\n", "...\n", "~", "null", "true", "yes", "0", "-1", "1", "00", "0o17", "0o8", "0x", "0xffffffffffffffffff", "1e999", "-1e-999", ".inf", ".nan", "1_000",
        "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "99999999999999999999999999", "3.14", "1e3m", "10000000d", "-5s", "1h1h1h", "1.1.1.1", "::", ":::::::::", "999.1.1.1",
        "{{ ", " }}", "{% if ", "{% for i in ", " %}", "{% endif %}", "{% endfor %}", "{# ", " | ", " | list", " is ", "{{ x }}", "{{ '", "!unsafe ", "{% raw %}", "{% macro m(a) %}", "{% set x = ", " ~ ", " ** ", "range(99999999)", "regex_replace('(a+)+$', '')",
        "- hosts: all\n", "tasks:\n", "- debug: {msg: x}\n", "- block:\n", "loop: ", "when: ", "vars: ", "copy: src=a dest=b c='",
        "\0", "\u0001", "\u007f", "\u0085", "\u2028", "\ufeff", "\ufffd", "é", "\ud83d\ude00", "/../../..", "//", "/", ".", "..", "/dev/*|/dev/?:/dev/x:rwm", "a:b:c:d:e", "65535-1", "1-65535", "0-0", ":80:", "[::]:1-2:1-2",
        "service:web", "service:", "container:x", "x-create-options", "applications", "release", "services", "image", "extends", "config_number", "modules", "payload", "signature", "command",
        "io.gateway.role", "a@sha256:0", "$$", "${A}", "sha256:", "9999-99-99T99:99:99Z", "0001-01-01T00:00:00+14:00", "gateway:", "group:#",
    ];

    /// <summary>A document of a few hundred bytes to some kilobytes.</summary>
    public byte[] Small(IReadOnlyList<string> valid)
    {
        var text = Pick(valid);
        for (var left = 1 + random.Next(4); left > 0; left--)
        {
            text = Change(text, valid);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Next(4) == 0 ? Damage(bytes) : bytes;
    }

    /// <summary>A document of a mebibyte.</summary>
    public byte[] Large(IReadOnlyList<string> valid)
    {
        var text = Pick(valid);
        var (before, after) = Cut(text);
        var filling = random.Next(9) switch
        {
            0 => Repeat("["),
            1 => Repeat("{a: "),
            2 => Repeat(Pick(Tokens) is { Length: > 0 } token ? token : "x"),
            3 => Repeat("\n" + Indent(before) + Line(text).Trim()),
            4 => Numbered("\n" + Indent(before) + "k{0}: 1"),
            5 => Numbered("\n" + Indent(before) + "- a{0}"),
            6 => Bomb(Indent(before)),
            7 => "\"" + Repeat("x")[2..] + "\"",
            _ => Repeat(text + "\n"),
        };
        var bytes = Encoding.UTF8.GetBytes(before + filling + after);
        bytes = bytes.Length > Mebibyte ? bytes[..Mebibyte] : bytes;
        return random.Next(6) == 0 ? Damage(bytes) : random.Next(10) == 0 ? Raw(Mebibyte) : bytes;
    }

    private string Change(string text, IReadOnlyList<string> valid)
    {
        var (before, after) = Cut(text);
        var lines = text.Split('\n');
        var one = random.Next(lines.Length);
        switch (random.Next(12))
        {
            case 0:
                return before + Pick(Tokens) + after;
            case 1:
                return Replace(text, Pick(Tokens));
            case 2:
                return Replace(text, Pick(Tokens));
            case 3:
                return string.Join('\n', lines.Where((_, i) => i != one));
            case 4:
                return string.Join('\n', lines.SelectMany((line, i) => i == one ? new[] { line, line } : [line]));
            case 5:
                lines[one] = new string(' ', random.Next(12)) + lines[one].TrimStart();
                return string.Join('\n', lines);
            case 6:
                (lines[one], lines[^1]) = (lines[^1], lines[one]);
                return string.Join('\n', lines);
            case 7:
                return before + Cut(Pick(valid)).After;
            case 8:
                return before + Repeat(Pick(Tokens), 1 + random.Next(200)) + after;
            case 9:
                return before + new string(random.Next(2) == 0 ? '[' : '{', 1 + random.Next(200)) + after;
            case 10:
                return Replace(text, Replace(Line(text), Pick(Tokens)));
            default:
                return before + after[Math.Min(after.Length, random.Next(40))..];
        }
    }

    /// <summary>Puts something in the place of a word, or of what stands after a colon.</summary>
    private string Replace(string text, string by)
    {
        var start = text.Length == 0 ? 0 : random.Next(text.Length);
        while (start > 0 && !IsEdge(text[start - 1]))
        {
            start--;
        }

        var end = start;
        while (end < text.Length && !IsEdge(text[end]))
        {
            end++;
        }

        return text[..start] + by + text[end..];
    }

    private static bool IsEdge(char c) => c is ' ' or '\n' or ',' or '[' or ']' or '{' or '}' or '"' or '\'' or ':';

    private byte[] Damage(byte[] bytes)
    {
        for (var left = 1 + random.Next(3); left > 0 && bytes.Length > 1; left--)
        {
            var at = random.Next(bytes.Length);
            bytes = random.Next(3) switch
            {
                0 => [.. bytes.AsSpan(0, at), (byte)random.Next(256), .. bytes.AsSpan(at + 1)],
                1 => [.. bytes.AsSpan(0, at), 0xC3, 0x28, .. bytes.AsSpan(at)],
                _ => bytes[..Math.Max(1, at)],
            };
        }

        return bytes.Length > Mebibyte ? bytes[..Mebibyte] : bytes;
    }

    private byte[] Raw(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Lists of aliases of lists of aliases.</summary>
    private static string Bomb(string indent)
    {
        var text = new StringBuilder($"\n{indent}a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; text.Length < Mebibyte / 2; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{indent}a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        }

        return text.ToString();
    }

    private static string Repeat(string piece, int? times = null) => new StringBuilder().Insert(0, piece, Math.Max(1, times ?? (Mebibyte / piece.Length))).ToString();

    private static string Numbered(string form)
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < Mebibyte; i++)
        {
            text.AppendFormat(System.Globalization.CultureInfo.InvariantCulture, form, i);
        }

        return text.ToString();
    }

    /// <summary>The indentation of the last line, so that what follows stands beside it.</summary>
    private static string Indent(string text)
    {
        var line = text[(text.LastIndexOf('\n') + 1)..];
        return line[..^line.TrimStart().Length];
    }

    private string Line(string text) => Pick(text.Split('\n'));

    private (string Before, string After) Cut(string text)
    {
        var at = random.Next(text.Length + 1);
        return (text[..at], text[at..]);
    }

    private string Pick(IReadOnlyList<string> list) => list[random.Next(list.Count)];
}

namespace Gateway.Playbooks.Modules;

/// <summary>Splits text into lines as Python's <c>splitlines</c> does.</summary>
public static class PythonLines
{
    public static IEnumerable<string> Split(string text)
    {
        var begin = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029'))
            {
                continue;
            }

            yield return text[begin..i];
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                i++;
            }

            begin = i + 1;
        }

        if (begin < text.Length)
        {
            yield return text[begin..];
        }
    }
}

using System.Text;

namespace Gateway.Playbooks.Modules;

/// <summary>Expands <c>~</c> and variables as Python's <c>expanduser</c> and <c>expandvars</c> do; what is not known stays.</summary>
internal static class Expansion
{
    public static string Of(string text, IHostReader reader, ModuleContext context) => User(Variables(text, reader, context), reader);

    private static string User(string text, IHostReader reader)
    {
        if (!text.StartsWith('~'))
        {
            return text;
        }

        var end = text.IndexOf('/', StringComparison.Ordinal);
        var name = end < 0 ? text[1..] : text[1..end];
        return reader.Home(name.Length == 0 ? null : name) is { } home ? home.TrimEnd('/') + (end < 0 ? "" : text[end..]) : text;
    }

    private static string Variables(string text, IHostReader reader, ModuleContext context)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var (name, length) = text[i] == '$' ? Name(text, i) : ("", 0);
            if (length > 0 && Value(name, reader, context) is { } value)
            {
                result.Append(value);
                i += length - 1;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private static string? Value(string name, IHostReader reader, ModuleContext context)
    {
        foreach (var pair in context.Environment.Reverse().Where(pair => pair.Key == name))
        {
            return pair.Value;
        }

        return reader.Environment(name);
    }

    private static (string Name, int Length) Name(string text, int at)
    {
        if (at + 1 < text.Length && text[at + 1] == '{')
        {
            var close = text.IndexOf('}', at);
            return close < 0 ? ("", 0) : (text[(at + 2)..close], close - at + 1);
        }

        var end = at + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return (text[(at + 1)..end], end == at + 1 ? 0 : end - at);
    }
}

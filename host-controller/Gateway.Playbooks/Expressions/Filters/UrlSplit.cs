using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>The urlsplit filter: the parts of an address as Python's urllib.parse gives them.</summary>
internal static class UrlSplit
{
    public static Value Apply(Evaluator evaluator, Value value, Arguments arguments)
    {
        var query = arguments.Bind("urlsplit", 0, "query")[0] is { } name ? evaluator.Budget.Str(name) : "";
        var parts = Split(evaluator.Budget.Str(value));
        if (query.Length == 0)
        {
            return parts;
        }

        return parts.TryGet(query, out var part) ? part : throw new TemplateException($"urlsplit: unknown URL component: {query}");
    }

    private static DictValue Split(string url)
    {
        var (scheme, rest) = Scheme(url.Trim());
        var fragment = Cut(ref rest, "#");
        var query = Cut(ref rest, "?");
        var location = "";
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var end = rest.IndexOf('/', 2);
            location = end < 0 ? rest[2..] : rest[2..end];
            rest = end < 0 ? "" : rest[end..];
        }

        var at = location.LastIndexOf('@');
        var (user, host) = at < 0 ? (null, location) : (location[..at], location[(at + 1)..]);
        var colon = host.LastIndexOf(':');
        var hasPort = colon >= 0 && colon > host.LastIndexOf(']');
        var number = hasPort ? host[(colon + 1)..] : "";
        Value port = number.Length == 0 ? NullValue.None : long.TryParse(number, out var parsed) && parsed <= 65535 ? parsed
            : throw new TemplateException($"urlsplit: the port '{number}' is not a number from 0 to 65535");
        var bare = (hasPort ? host[..colon] : host).Trim('[', ']').ToLowerInvariant();
        var userParts = user?.Split(':', 2);
        return DictValue.Of(
            ("fragment", fragment), ("hostname", bare.Length == 0 ? NullValue.None : bare), ("netloc", location),
            ("password", userParts is [_, var password] ? password : NullValue.None), ("path", rest), ("port", port), ("query", query), ("scheme", scheme),
            ("username", userParts is { } both ? both[0] : NullValue.None));
    }

    private static (string Name, string Remainder) Scheme(string url)
    {
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(url[0]) && url[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')
            ? (url[..colon].ToLowerInvariant(), url[(colon + 1)..])
            : ("", url);
    }

    private static string Cut(ref string rest, string mark)
    {
        var at = rest.IndexOf(mark, StringComparison.Ordinal);
        var after = at < 0 ? "" : rest[(at + 1)..];
        rest = at < 0 ? rest : rest[..at];
        return after;
    }
}

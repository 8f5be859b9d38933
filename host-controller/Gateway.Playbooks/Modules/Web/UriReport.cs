using System.Text;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a request leaves, as Ansible's uri module reports it.</summary>
internal static class UriReport
{
    public static DictValue Of(UriArguments arguments, ChangeOutcome outcome)
    {
        if (outcome.Answer is not { } answer)
        {
            return Results.Failed(outcome);
        }

        var result = Results.Of(("changed", outcome.IsAltered), ("elapsed", (long)answer.Elapsed.TotalSeconds), ("redirected", answer.Url != arguments.Request.Given), ("status", (long)answer.Status), ("url", answer.Url));
        foreach (var (name, value) in answer.Headers)
        {
            result = result.TryGet(name, out _) && name is not ("location" or "url") ? result : result.With(name, name == "location" ? Absolute(arguments.Request.Url, value) : value);
        }

        result = result.With(Cookies(answer)).With("msg", answer.Message);
        result = outcome.Note is { } path ? result.With("path", path) : result;
        var (accepted, isJson) = (arguments.Accepted.Contains(answer.Status), IsJson(answer));
        var text = Encoding(answer).GetString(answer.Body.Span);
        if (isJson && ValueJson.Read(text, Gateway.Core.Reports.Position.Of(answer.Url), isUnsafe: true).TryGet(out var json, out _))
        {
            result = result.With("json", json);
        }

        if (arguments.ReturnContent)
        {
            result = result.With("content", text);
        }
        else if (accepted && !isJson && answer.Status > 299)
        {
            // What came with an error that is none here is told under another name when nobody asked for it.
            result = result.With("body", text);
        }

        if (outcome.Error is { } error)
        {
            return result.With("failed", true).With("msg", error);
        }

        return accepted
            ? result
            : result.With("failed", true).With("msg", $"Status code was {answer.Status} and not [{string.Join(", ", arguments.Accepted)}]: {answer.Message}");
    }

    private static DictValue Cookies(WebAnswer answer)
    {
        var pairs = answer.Headers.Where(header => header.Key == "set_cookie").SelectMany(header => header.Value.Split('\n'))
            .Select(cookie => cookie.Split(';')[0].Split('=', 2)).Where(pair => pair.Length == 2).ToList();
        return answer.Status is < 200 or > 299 ? DictValue.Empty : Results.Of(
            ("cookies", DictValue.Of(pairs.Select(pair => new KeyValuePair<string, Value>(pair[0].Trim(), pair[1].Trim())))),
            ("cookies_string", string.Join("; ", pairs.Select(pair => $"{pair[0].Trim()}={pair[1].Trim()}"))));
    }

    /// <summary>A place named without the server is one on the server that was asked.</summary>
    private static string Absolute(string url, string location) =>
        !location.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(new Uri(url), location, out var absolute) ? absolute.ToString() : location;

    private static bool IsJson(WebAnswer answer) =>
        Type(answer).Split(';')[0].Trim().Split('/', 2).ElementAtOrDefault(1)?.Split('+')[^1].ToLowerInvariant() is "json" or "javascript";

    private static Encoding Encoding(WebAnswer answer)
    {
        var name = Type(answer).Split(';').Skip(1).Select(part => part.Split('=', 2)).FirstOrDefault(part => part.Length == 2 && part[0].Trim() is "charset")?[1].Trim(' ', '"');
        try
        {
            return name is null ? System.Text.Encoding.UTF8 : System.Text.Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return System.Text.Encoding.UTF8;
        }
    }

    private static string Type(WebAnswer answer) => answer.Headers.FirstOrDefault(header => header.Key == "content_type").Value ?? "";
}

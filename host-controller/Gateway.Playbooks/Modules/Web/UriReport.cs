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

        var result = Results.Of(("changed", outcome.IsAltered), ("elapsed", (long)answer.Elapsed.TotalSeconds), ("redirected", answer.Url != arguments.Request.Url), ("status", (long)answer.Status), ("url", answer.Url));
        foreach (var (name, value) in answer.Headers)
        {
            result = result.TryGet(name, out _) && name is not ("location" or "url") ? result : result.With(name, value);
        }

        result = result.With(Cookies(answer)).With("msg", answer.Message);
        result = outcome.Note is { } path ? result.With("path", path) : result;
        var accepted = arguments.Accepted.Contains(answer.Status);
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        if (IsJson(answer) && ValueJson.Read(text, Gateway.Core.Reports.Position.Of(answer.Url), isUnsafe: true).TryGet(out var json, out _))
        {
            result = result.With("json", json);
        }

        result = arguments.ReturnContent || (!accepted && answer.Status > 0) ? result.With("content", text) : result;
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

    private static bool IsJson(WebAnswer answer) => answer.Headers.Any(header => header.Key == "content_type"
        && header.Value.Split(';')[0].Trim() is var type && (type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)));
}

using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.HostController.Run;

/// <summary>What came of a task.</summary>
/// <param name="Result">What is registered.</param>
/// <param name="Shown">The same, censored where <c>no_log</c> says so.</param>
internal sealed record TaskOutcome(DictValue Result, DictValue Shown)
{
    /// <summary>Whether <c>no_log</c> hides the result.</summary>
    public bool IsCensored { get; init; }

    public bool IgnoresErrors { get; init; }

    /// <summary>Handlers and topics to notify if something changed.</summary>
    public ImmutableArray<string> Notify { get; init; } = [];

    /// <summary>Why it failed, for one line.</summary>
    public string Message
    {
        get
        {
            var text = Unjudged("failed_when_result") ?? Unjudged("changed_when_result") ?? (Shown.TryGet("msg", out var msg) ? msg.ToString() : Shown.TryGet("censored", out var censored) ? censored.ToString() : "failed");
            return Shown.TryGet("stderr", out var stderr) && stderr.ToString().Trim() is { Length: > 0 } said && !text.Contains(said, StringComparison.Ordinal) ? $"{text}: {said}" : text;
        }
    }

    /// <summary>Why a condition about the result could not be evaluated; null when it could.</summary>
    private string? Unjudged(string key) => Shown.TryGet(key, out var judged) && judged is TextValue text ? text.Value : null;

    /// <summary>The same, failed after all.</summary>
    public TaskOutcome Fail(string message)
    {
        var failed = Result.With("failed", true).With("msg", message);
        return this with { Result = failed, Shown = IsCensored ? CensoredResult.Of(failed) : Shown.With("failed", true).With("msg", message) };
    }

    public static bool IsTrue(DictValue result, string key) => result.TryGet(key, out var value) && value.IsTrue;
}

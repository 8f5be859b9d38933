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

    /// <summary>Whether the task could not even be asked: its condition or its arguments do not render. That ends a loop.</summary>
    public bool IsAborted { get; init; }

    /// <summary>What stands for each item of a loop, in order; none outside a loop.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Handlers and topics to notify if something changed.</summary>
    public ImmutableArray<string> Notify { get; init; } = [];

    /// <summary>Why it failed, for one line.</summary>
    public string Message
    {
        get
        {
            var text = Unjudged("failed_when_result") ?? Unjudged("changed_when_result") ?? (Shown.TryGet("msg", out var msg) || Shown.TryGet("message", out msg) || Shown.TryGet("reason", out msg) ? msg.ToString() : Shown.TryGet("censored", out var censored) ? censored.ToString() : "failed");
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

    /// <summary>Failed because what it includes cannot be had, which nothing makes up for (plugins/strategy/__init__.py).</summary>
    public TaskOutcome FailInclude(string reason)
    {
        var failed = Gateway.Playbooks.Modules.Results.Of(("failed", true), ("reason", reason));
        return this with { Result = failed, Shown = IsCensored ? CensoredResult.Of(failed) : failed, IgnoresErrors = false };
    }

    /// <summary>Whether a result counts as failed: <c>failed_when</c> has the last word (executor/task_result.py).</summary>
    public static bool HasFailed(DictValue result)
    {
        if (result.TryGet("failed_when_result", out var judged) && judged is BoolValue)
        {
            return judged.IsTrue;
        }

        var items = (result.TryGet("results", out var results) ? results as ListValue : null)?.Items.OfType<DictValue>().Where(item => item.TryGet("failed_when_result", out _)).ToList() ?? [];
        return items.Count == 0 ? IsTrue(result, "failed") : items.Exists(item => IsTrue(item, "failed_when_result"));
    }

    /// <summary>Whether a task failed before its module was asked: nothing judges that, nothing repeats it.</summary>
    public static bool WasNotAsked(DictValue result) => IsTrue(result, "failed") && !result.TryGet("changed", out _);

    public static bool IsTrue(DictValue result, string key) => result.TryGet(key, out var value) && value.IsTrue;
}

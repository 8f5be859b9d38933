using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Run;

/// <summary>What Ansible leaves of a result that is not to be seen.</summary>
internal static class CensoredResult
{
    /// <summary>What stands for an item of a loop that is not to be seen.</summary>
    public const string Label = "(censored due to no_log)";

    public static DictValue Of(DictValue result)
    {
        var shown = Results.Of(("censored", "the output has been hidden due to the fact that 'no_log: true' was specified for this result"));
        foreach (var key in (ReadOnlySpan<string>)["attempts", "changed", "failed", "retries", "skipped"])
        {
            shown = result.TryGet(key, out var value) ? shown.With(key, value) : shown;
        }

        return shown;
    }
}

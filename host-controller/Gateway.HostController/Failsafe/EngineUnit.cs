using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.HostController.Failsafe;

/// <summary>Docker's unit, as systemd sees it.</summary>
internal sealed class EngineUnit(HostPaths paths, TimeProvider clock)
{
    private const string Unit = "docker.service";

    /// <summary>An engine with many containers on a slow card takes minutes to start; not for ever.</summary>
    private static readonly TimeSpan LongestChange = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Ask = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestRestart = TimeSpan.FromMinutes(5);
    private long? changingSince;
    private int silences;

    /// <summary>It answered.</summary>
    public void Answered()
    {
        changingSince = null;
        silences = 0;
    }

    /// <summary>Why it does not answer.</summary>
    public async Task<EngineFact> WhyAsync(CancellationToken cancellation)
    {
        // Under --root there is no systemd that would be ours to use.
        if (!paths.IsMachine || !(await Tool.RunAsync("systemctl", ["show", Unit, "--property=LoadState,ActiveState"], Ask, cancellation)).TryGet(out var shown, out _))
        {
            return EngineFact.NotInstalled;
        }

        var states = shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        return states.GetValueOrDefault("LoadState") != "loaded" ? EngineFact.NotInstalled : Judge(states.GetValueOrDefault("ActiveState") ?? "");
    }

    /// <summary>Starts it, whatever state it is in and however often it failed before.</summary>
    public static async Task<Result<string>> RestartAsync(CancellationToken cancellation)
    {
        _ = await Tool.RunAsync("systemctl", ["reset-failed", Unit, "docker.socket", "containerd.service"], Ask, cancellation);
        return await Tool.RunAsync("systemctl", ["restart", Unit], LongestRestart, cancellation);
    }

    /// <summary>Ends it by force, and starts it. Containers and their shims are left alone.</summary>
    public static async Task<Result<string>> KillAsync(CancellationToken cancellation)
    {
        foreach (var unit in ImmutableArray.Create(Unit, "containerd.service"))
        {
            _ = await Tool.RunAsync("systemctl", ["kill", "--kill-whom=main", "--signal=SIGKILL", unit], Ask, cancellation);
        }

        return await RestartAsync(cancellation);
    }

    private EngineFact Judge(string active)
    {
        if (active is "activating" or "deactivating" or "reloading")
        {
            changingSince ??= clock.GetTimestamp();
            return clock.GetElapsedTime(changingSince.Value) < LongestChange ? EngineFact.Changing : EngineFact.Hung;
        }

        changingSince = null;
        if (active != "active")
        {
            return EngineFact.Stopped;
        }

        // One silence may be a slow disk; two in a row are not.
        return ++silences < 2 ? EngineFact.Changing : EngineFact.Hung;
    }
}

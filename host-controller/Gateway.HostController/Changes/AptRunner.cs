using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Processes;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Changes;

/// <summary>Runs apt-get so that it never asks, keeps changed configuration files, and waits for others to let go of their locks. Packages, as commands, are of the machine itself: <c>--root</c> does not move them.</summary>
internal sealed class AptRunner(TimeProvider clock, Action<string> progress)
{
    private const int LargestOutput = 4 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);
    private static readonly TimeSpan LockPause = TimeSpan.FromSeconds(2);

    /// <summary>What every run of apt and dpkg needs in its environment.</summary>
    internal static Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["DEBIAN_FRONTEND"] = "noninteractive",
        ["NEEDRESTART_SUSPEND"] = "1",
        ["APT_LISTCHANGES_FRONTEND"] = "none",
        ["UCF_FORCE_CONFFOLD"] = "1",
        ["LC_ALL"] = "C.UTF-8",
        ["PATH"] = ProgramPath.Default,
    };

    public async Task<ChangeOutcome> RunAsync(RunApt apt, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        var pause = TimeSpan.FromSeconds(1);
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await ProcessRunner.RunAsync(Request(apt), cancellation);
            if (outcome.IsSuccess)
            {
                return Outcome(outcome, null);
            }

            // DPkg::Lock::Timeout waits for dpkg's locks only, not for those on lists/ and archives/.
            if (IsLocked(outcome) && clock.GetElapsedTime(begun) < apt.LockTimeout)
            {
                progress("apt is in use by another program: waiting");
                await Task.Delay(LockPause, clock, cancellation);
                attempt--;
                continue;
            }

            if (attempt >= apt.Attempts)
            {
                return Outcome(outcome, outcome.TimedOut ? $"apt-get was ended after {Longest.TotalHours:0} h" : "apt-get failed");
            }

            await Task.Delay(pause, clock, cancellation);
            pause = pause * 2 < apt.Delay ? pause * 2 : apt.Delay;
        }
    }

    /// <summary>The arguments of apt-get for a change.</summary>
    internal static ImmutableArray<string> Arguments(RunApt apt) =>
    [
        "-q", "-y",
        .. apt.DpkgOptions.SelectMany(option => new[] { "-o", $"Dpkg::Options::=--{option}" }),
        "-o", $"DPkg::Lock::Timeout={apt.LockTimeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)}",
        .. apt.Arguments,
    ];

    private static ProcessRequest Request(RunApt apt) => new("apt-get", Arguments(apt)) { Environment = Environment, Timeout = Longest, OutputLimit = LargestOutput };

    private static bool IsLocked(ProcessOutcome outcome) =>
        outcome.StandardError.Contains("Could not get lock", StringComparison.Ordinal) || outcome.StandardError.Contains("Unable to lock directory", StringComparison.Ordinal);

    private static ChangeOutcome Outcome(ProcessOutcome outcome, string? error) =>
        new(error) { ExitCode = outcome.ExitCode, StandardOutput = outcome.StandardOutput, StandardError = outcome.StandardError };
}

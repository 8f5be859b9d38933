using Gateway.Core.Reports;
using Gateway.HostController.Failsafe;

namespace Gateway.HostController.SelfUpdate;

/// <summary>Our way to the guardian: the shell script that upgrades, judges and puts back this program. It shares nothing with us but files.</summary>
internal static class Guardian
{
    /// <summary>The installed one.</summary>
    public const string Program = "/usr/libexec/gateway-host-controller/guardian";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Lets apt install a version in a unit of its own, as soon as the cycle that asked for it has ended: the package
    /// restarts us, and apt must not be a child of ours then.
    /// </summary>
    public static async Task<Result<string>> UpgradeAsync(string version, CancellationToken cancellation)
    {
        if (!File.Exists(Program))
        {
            return new Failure(Phase.Apply, Program, "is not there: the host controller upgrades itself only where it was installed as a package");
        }

        var started = await Tool.RunAsync("systemd-run", ["--quiet", "--no-block", "--collect", "--unit=gateway-self-update", Program, "upgrade", version], Longest, cancellation);
        return started.IsSuccess
            ? $"version {version} is installed when this cycle has ended; the guardian judges it, status tells"
            : started.Failure.Message.Contains("already exists", StringComparison.Ordinal) || started.Failure.Message.Contains("already loaded", StringComparison.Ordinal)
                ? "an upgrade is under way already; status tells"
                : started.Failures;
    }
}

using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.HostController.Configuration;
using Gateway.HostController.Failsafe;
using Gateway.HostController.Health;
using Gateway.HostController.Schedule;
using Gateway.HostController.SelfUpdate;
using Gateway.HostController.Supervisor;

namespace Gateway.HostController.Doctor;

/// <summary>What is around us on the machine: daemon, disk, Docker, supervisor, packages, our own upgrades, and the machine's own health.</summary>
internal static class MachineChecks
{
    /// <summary>All findings about the machine.</summary>
    public static async Task<List<Finding>> RunAsync(HostPaths paths, HostConfiguration configuration, CancellationToken cancellation)
    {
        var findings = new List<Finding>
        {
            new DaemonStateFile(paths).Read() is { } daemon
                ? new("daemon", Verdict.Ok, $"process {daemon.Pid}")
                : new("daemon", Verdict.Problem, "does not run: systemctl status gateway-host-controller tells why"),
        };
        findings.AddRange(new[] { "/", configuration.StateDirectory, "/var/lib/docker" }.Select(paths.On).Where(Directory.Exists).Select(Disk).DistinctBy(finding => finding.Text));
        findings.AddRange(await EngineAsync(paths, configuration, cancellation));
        findings.Add(await PackagesAsync(paths, cancellation));
        findings.AddRange(Deeds(FailsafeMemory.Load(StatePaths.Failsafe(paths, configuration))));
        findings.AddRange(UpgradeChecks.Of(GuardianRecord.Load(paths)));
        findings.AddRange(Host(HealthFile.Read(paths)));
        return findings;
    }

    private static Finding Disk(string folder)
    {
        if (DiskSpace.Of(folder) is not { } space)
        {
            return new Finding("disk", Verdict.Warning, $"{folder} cannot be looked at");
        }

        var text = $"{space.FreeBytes >> 20} MiB of {space.TotalBytes >> 20} MiB free, {(space.TotalInodes == 0 ? "files without limit" : $"{space.FreeInodes} more files")}";
        return space.IsLow ? new Finding("disk", Verdict.Problem, $"{folder}: {text}: too little; du -xh --max-depth=3 {folder} shows where it went") : new Finding("disk", Verdict.Ok, text);
    }

    private static async Task<List<Finding>> EngineAsync(HostPaths paths, HostConfiguration configuration, CancellationToken cancellation)
    {
        using var engine = new DockerClient(paths.On(configuration.DockerSocket), new DockerClientOptions { ReadTimeout = TimeSpan.FromSeconds(15) });
        var version = await engine.VersionAsync(cancellation);
        if (!version.IsSuccess)
        {
            return [new("docker", Verdict.Problem, version.Failure.Message)];
        }

        var name = configuration.Supervisor.Name;
        var inspected = await engine.Containers.InspectAsync(name, cancellation);
        return [new("docker", Verdict.Ok, $"version {version.Value.Version}"), Supervisor(name, inspected), .. Failed(paths, configuration)];
    }

    private static Finding Supervisor(string name, Result<ContainerDetails> inspected)
    {
        if (!inspected.TryGet(out var container, out var failures))
        {
            return new Finding("supervisor", Verdict.Problem, failures[0].Kind == FailureKind.NotFound ? $"there is no container {name}: a playbook with container_supervisor starts it" : failures[0].Message);
        }

        var (state, health) = (container.State.Status, container.State.Health?.Status);
        return state == "running" && health != "unhealthy"
            ? new Finding("supervisor", health == "starting" ? Verdict.Warning : Verdict.Ok, $"{name}: {state}{(health is null ? "" : $", {health}")}")
            : new Finding("supervisor", Verdict.Problem, $"{name}: {state}{(health is null ? "" : $", {health}")}; docker logs {name} tells more");
    }

    private static IEnumerable<Finding> Failed(HostPaths paths, HostConfiguration configuration) =>
        new SupervisorStore(StatePaths.Supervisor(paths, configuration)).Load().TryGet(out var record, out _)
            ? record.Failed.Select(failed => new Finding("supervisor", Verdict.Warning, OneLine.Of($"{failed.Image} failed {failed.At:u}: {failed.Reason}")))
            : [];

    private static async Task<Finding> PackagesAsync(HostPaths paths, CancellationToken cancellation)
    {
        if (!paths.IsMachine)
        {
            return new Finding("packages", Verdict.Ok, "not looked at under --root");
        }

        var audit = await Tool.RunAsync("dpkg", ["--audit"], TimeSpan.FromMinutes(1), cancellation);
        return !audit.TryGet(out var told, out var failures) ? new Finding("packages", Verdict.Problem, failures[0].ToString())
            : told.Trim().Length > 0 ? new Finding("packages", Verdict.Problem, OneLine.Of($"dpkg was interrupted, the failsafe repairs it: {told}"))
            : new Finding("packages", Verdict.Ok, "dpkg has nothing to complain about");
    }

    private static IEnumerable<Finding> Deeds(FailsafeMemory memory) =>
        Enum.GetValues<Concern>().Where(concern => memory.Of(concern) > 0)
            .Select(concern => new Finding("failsafe", Verdict.Warning, $"{concern}: treated {memory.Of(concern)} times lately; status tells how"));

    private static IEnumerable<Finding> Host(HostHealth? health)
    {
        if (health is null)
        {
            yield return new Finding("host health", Verdict.Warning, "there is no recent report: systemctl status gateway-health.timer");
            yield break;
        }

        yield return new Finding("host health", Verdict.Ok, health.InShort);
        foreach (var warning in health.Warnings)
        {
            yield return new Finding("host health", Verdict.Warning, warning);
        }
    }
}

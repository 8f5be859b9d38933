using Gateway.Core.Reports;
using Gateway.HostController.Configuration;
using Gateway.HostController.Supervisor;
using Serilog;

namespace Gateway.HostController.Failsafe;

/// <summary>Does what the rules prescribe; whatever goes wrong is a failure, and every remedy is bounded in time.</summary>
internal sealed class FailsafeActor(HostPaths paths, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(2);

    /// <summary>Longer than any remedy takes that gets anywhere.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(1);

    /// <summary>The same of one remedy: an update that goes on may have an hour to get healthy and one of probation before it.</summary>
    public static TimeSpan LongestOf(Remedy remedy) => remedy == Remedy.ResumeUpdate ? Longest * 3 : Longest;

    /// <summary>What else there is to be said, or why it could not be done.</summary>
    public async Task<Result<string>> ApplyAsync(Prescription prescription, HostConfiguration configuration, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var longest = LongestOf(prescription.Remedy);
        time.CancelAfter(longest);
        try
        {
            return await DoAsync(prescription, configuration, time.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Failure(Phase.Apply, $"{prescription.Remedy}", $"was given up after {longest.TotalMinutes:0} min");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Apply, $"{prescription.Remedy}", OneLine.Of(SystemErrors.Text(wrong)));
        }
    }

    private Task<Result<string>> DoAsync(Prescription prescription, HostConfiguration configuration, CancellationToken cancellation) => prescription.Remedy switch
    {
        Remedy.CleanPackageCache => QuietAsync(Tool.RunAsync("apt-get", ["clean"], Short, cancellation)),
        Remedy.ShrinkJournal => QuietAsync(Tool.RunAsync("journalctl", ["--vacuum-size=16M"], Short, cancellation)),
        Remedy.RemoveOldLogs => Task.FromResult(RemoveOldLogs()),
        Remedy.RemoveUnusedImages => RemoveUnusedImagesAsync(configuration, cancellation),
        Remedy.RestartEngine => EngineUnit.RestartAsync(cancellation),
        Remedy.KillEngine => EngineUnit.KillAsync(cancellation),
        Remedy.RepairPackages => RepairPackagesAsync(configuration, cancellation),
        _ => new SupervisorRemedies(paths, configuration, clock, log).ApplyAsync(prescription, cancellation),
    };

    private async Task<Result<string>> RepairPackagesAsync(HostConfiguration configuration, CancellationToken cancellation)
    {
        // A cycle installs packages too.
        if (!SingleInstance.Take(paths.Lock, "failsafe").TryGet(out var instance, out var failures))
        {
            return failures;
        }

        using (instance)
        {
            return await new PackageRepair(paths, StatePaths.Packages(paths, configuration)).RunAsync(cancellation);
        }
    }

    private async Task<Result<string>> RemoveUnusedImagesAsync(HostConfiguration configuration, CancellationToken cancellation)
    {
        var parts = new SupervisorParts(paths, configuration, clock);
        using var engine = parts.Connect();
        // The images we may need have to have a tag before images without one are removed.
        if (parts.Store.Load().TryGet(out var record, out var failures))
        {
            // An update's image has no tag before it is committed.
            if (record.Phase != UpdatePhase.Idle)
            {
                return new Failure(Phase.Apply, parts.Name, "an update is under way: its image is still needed", Retryable: true);
            }

            await parts.Actions(engine).NameImagesAsync(record, cancellation);
            return (await engine.Images.PruneDanglingAsync(cancellation)).Then<string>(removed => $"{removed}");
        }

        return failures;
    }

    private Result<string> RemoveOldLogs()
    {
        var files = Directory.EnumerateFiles(paths.On("/var/log"), "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => IsRotated(Path.GetFileName(file)))
            .ToList();
        foreach (var file in files)
        {
            File.Delete(file);
        }

        return $"{files.Count} files";
    }

    /// <summary>As logrotate names what it has put away: <c>syslog.1</c>, <c>syslog.2.gz</c>, <c>dpkg.log-20260101</c>.</summary>
    internal static bool IsRotated(string name) =>
        name.EndsWith(".gz", StringComparison.Ordinal) || name.EndsWith(".xz", StringComparison.Ordinal) || name.EndsWith(".old", StringComparison.Ordinal)
        || (name.LastIndexOfAny(['.', '-']) is > 0 and var at && at < name.Length - 1 && name[(at + 1)..].All(char.IsAsciiDigit));

    private static async Task<Result<string>> QuietAsync(Task<Result<string>> running) => (await running).Then<string>(_ => "");
}

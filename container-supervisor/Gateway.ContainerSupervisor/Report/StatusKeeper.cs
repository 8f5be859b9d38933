using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.Receive;
using Gateway.ContainerSupervisor.When;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Status;
using Serilog;

namespace Gateway.ContainerSupervisor.Report;

/// <summary>Knows what the status is made of, and keeps the errors of engine, applications and services until they are resolved.</summary>
internal sealed class StatusKeeper(SupervisorConfiguration configuration, DesiredSources sources, ErrorBook errors, TimeProvider clock, ILogger log)
{
    private readonly DateTimeOffset started = clock.GetUtcNow();
    private HashSet<string> problems = new(StringComparer.Ordinal);

    /// <summary>Who we are now.</summary>
    public required Func<GatewayIdentity> Identity { get; init; }

    /// <summary>The last round.</summary>
    public required Func<Snapshot> Seen { get; init; }

    /// <summary>The engine's version, once it is known.</summary>
    public required Func<string?> EngineVersion { get; init; }

    /// <summary>The locks.</summary>
    public required UpdateLocks Locks { get; init; }

    /// <summary>What containers say of themselves.</summary>
    public required ServiceReports Reports { get; init; }

    /// <summary>The local copy of the status.</summary>
    public static string FileOf(SupervisorConfiguration configuration) => Path.Combine(configuration.RunDirectory, "supervisor-status.json");

    /// <summary>The status of now.</summary>
    public StatusDocument Compose()
    {
        foreach (var (key, source) in sources.All)
        {
            _ = source.Unusable is { } why ? errors.Note($"desired:{key}", why) : errors.Resolve($"desired:{key}");
        }

        return StatusComposer.Compose(new StatusInput
        {
            Identity = Identity(),
            Started = started,
            Sources = sources.All,
            Merged = sources.Merged,
            Seen = Seen(),
            Engine = EngineVersion() is { } version ? new EngineStatus(version, 0, DiskFree()) : null,
            Reports = Reports.All,
            Locks = [.. Locks.Held.Select(static held => new LockStatus(held.Owner, held.Until, held.Reason))],
            Errors = errors.All,
            Host = HostHealth.Read(configuration.RunDirectory),
            Now = clock.GetUtcNow(),
        });
    }

    /// <summary>Takes in what a round came to.</summary>
    public void Note(Snapshot seen)
    {
        if (seen.Failure is { } failure)
        {
            if (errors.Note("engine", failure.ToString()))
            {
                log.Warning("{Failure}", failure.ToString());
            }
        }
        else
        {
            errors.Resolve("engine");
        }

        if (seen.Plan is not { } plan)
        {
            return;
        }

        var now = StatusComposer.Problems(plan, seen.Gate).ToList();
        foreach (var (subject, message) in now)
        {
            if (errors.Note(subject, message))
            {
                log.Warning("{Subject}: {Message}", subject, message);
            }
        }

        var subjects = now.Select(problem => problem.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in problems.Where(subject => !subjects.Contains(subject)))
        {
            errors.Resolve(gone);
        }

        problems = subjects;
    }

    /// <summary>Rounded to 64 MiB, so that a few bytes more or less are no change.</summary>
    private long DiskFree()
    {
        const long Grain = 64L * 1024 * 1024;
        try
        {
            return new DriveInfo(configuration.StateDirectory).AvailableFreeSpace / Grain * Grain;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Debug("Free space of {Folder} is not known: {Reason}", configuration.StateDirectory, SystemErrors.Text(e));
            return 0;
        }
    }
}

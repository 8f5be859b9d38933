using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.HostController.Configuration;
using Gateway.HostController.Fetch;
using Gateway.HostController.Logging;
using Gateway.HostController.Reboots;
using Gateway.HostController.Reports;
using Gateway.HostController.Run;
using Gateway.HostController.Schedule;
using Serilog;

namespace Gateway.HostController.Cycle;

/// <summary>Runs a whole cycle on this machine: takes the lock, flashes the LED, sees to every stream, keeps a report.</summary>
internal sealed class CycleHost(HostPaths paths, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>The exit status that tells how it went.</summary>
    /// <param name="configuration">With a playbook URL.</param>
    /// <param name="url">That URL.</param>
    /// <param name="command"><c>run</c> or <c>daemon</c>, for the report.</param>
    /// <param name="force">Whether the playbook in force is applied whatever <c>reapply</c> says.</param>
    /// <param name="watcher">Hears of the run as it goes.</param>
    /// <param name="cancellation">Ends it after what is under way.</param>
    public async Task<ExitStatus> RunAsync(
        HostConfiguration configuration, PlaybookUrl url, string command, bool force, IRunObserver watcher, CancellationToken cancellation)
    {
        if (!SingleInstance.Take(paths.Lock, command).TryGet(out var instance, out var failures))
        {
            log.Failure(failures[0]);
            return ExitStatus.Other;
        }

        using (instance)
        {
            log.Information("cycle begins: {Gateway}, version {Version}", configuration.Identity.Id, ProgramVersion.Text);
            return await LightAsync(configuration, () => ReportedAsync(configuration, url, command, force, watcher, cancellation));
        }
    }

    private async Task<ExitStatus> LightAsync(HostConfiguration configuration, Func<Task<ExitStatus>> cycle)
    {
        if (configuration.Led is null)
        {
            return await cycle();
        }

        using var dark = new CancellationTokenSource();
        var flashing = new Led(paths, configuration.Led).FlashAsync(warning => log.Warning("{Warning}", warning), dark.Token);
        try
        {
            return await cycle();
        }
        finally
        {
            await dark.CancelAsync();
            await flashing;
        }
    }

    private async Task<ExitStatus> ReportedAsync(
        HostConfiguration configuration, PlaybookUrl url, string command, bool force, IRunObserver watcher, CancellationToken cancellation)
    {
        var (started, begun) = (clock.GetUtcNow(), clock.GetTimestamp());
        var documents = ImmutableArray.CreateBuilder<DocumentReport>();
        var status = ExitStatus.Other;
        try
        {
            StatePaths.Make(paths, configuration);
            status = await StreamsAsync(configuration, url, force, watcher, documents, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            log.Warning("stopped before the end; the next cycle goes on");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            log.Failure(new Failure(Phase.Configuration, paths.On(configuration.StateDirectory), $"the state cannot be kept: {SystemErrors.Text(wrong)}"));
        }
        finally
        {
            // As much later as time has gone by, whatever somebody did to the clock meanwhile.
            var ended = started + clock.GetElapsedTime(begun);
            var report = new RunReport(
                RunReport.KnownSchema, ReportStore.IdAt(started), command, ProgramVersion.Text, configuration.Identity.Id,
                started, ended, Math.Round((ended - started).TotalSeconds, 3), (int)status, documents.ToImmutable());
            foreach (var failure in new ReportStore(StatePaths.Reports(paths, configuration)).Save(report).Failures)
            {
                log.Failure(failure);
            }

            log.Information("cycle ended with status {Status} after {Seconds:0.0} s", (int)status, (ended - started).TotalSeconds);
        }

        return status;
    }

    private async Task<ExitStatus> StreamsAsync(
        HostConfiguration configuration, PlaybookUrl url, bool force, IRunObserver watcher,
        ImmutableArray<DocumentReport>.Builder documents, CancellationToken cancellation)
    {
        var silence = configuration.FetchTimeout / 3 < LongestSilence ? configuration.FetchTimeout / 3 : LongestSilence;
        using var downloader = new Downloader(silence);
        new TimeCount(paths, clock, log).Keep(configuration);
        await new KeyRenewal(paths, configuration, downloader, clock, log).LookAheadAsync(cancellation);
        var cycle = Compose(configuration, downloader, watcher);
        var statuses = new List<ExitStatus>();

        // The most important group comes first in the configuration and last here, so that it has the last word.
        foreach (var address in url.For(configuration.Identity).Reverse())
        {
            cancellation.ThrowIfCancellationRequested();
            var outcome = await cycle.RunAsync(address, configuration.Reapply, force, cancellation);
            statuses.Add(outcome.Status);
            documents.Add(outcome.Report);
        }

        new BundleStore(StatePaths.Bundles(paths, configuration)).KeepOnly(new PlaybookStore(paths.On(configuration.StateDirectory)).Bundles());
        return ExitStatuses.Worst(statuses);
    }

    private GatewayCycle Compose(HostConfiguration configuration, Downloader downloader, IRunObserver watcher)
    {
        var state = paths.On(configuration.StateDirectory);
        var bundles = new BundleStore(StatePaths.Bundles(paths, configuration));
        var admission = new Admission(
            configuration, new SignatureVerifier(paths.On(configuration.TrustedDirectory)), new ReleaseMarkStore(state), bundles, new TimeFloor(state, clock), clock)
        { Paths = paths };
        foreach (var warning in admission.Warnings())
        {
            log.Warning("{Warning}", warning);
        }

        var fetcher = new PairFetcher(downloader, new FetchCache(StatePaths.Fetched(paths, configuration)), bundles, StatePaths.Fetched(paths, configuration), configuration.FetchTimeout);
        var runner = new PlaybookRunner(HostAccessFactory.Create(paths, configuration, log), clock);
        var application = new PlaybookApplication(runner, new RunOptions(), new Observers(new LogObserver(log), watcher), log)
        {
            Desired = new DesiredStateHandover(paths),
            Reboots = new RebootDesk(paths, new RebootStore(StatePaths.Reboot(paths, configuration)), clock, log),
        };
        return new GatewayCycle(fetcher, admission, new PlaybookStore(state), application, clock, log)
        {
            Renewal = new KeyRenewal(paths, configuration, downloader, clock, log),
        };
    }
}

using System.Globalization;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;
using Serilog;

namespace Gateway.ContainerSupervisor.Logging;

/// <summary>Carries out <c>logs</c>: relays a service's lines to the broker while a lease runs.</summary>
internal sealed class LogRelay(DockerClient docker, bool isAllowed, ILogger log) : IAsyncDisposable
{
    /// <summary>Most services at once.</summary>
    public const int Most = 4;

    /// <summary>Longest lease; another command renews it.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromHours(1);

    private const int FirstLines = 20;
    private const int ReadPerSecond = 2 * 1024 * 1024;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<(string Application, string Service), Lease> leases = [];

    /// <summary>Publishes lines of a service; whether it worked.</summary>
    public required Func<string, string, ReadOnlyMemory<byte>, CancellationToken, Task<bool>> Publish { get; init; }

    /// <summary>Begins to relay, or renews the lease of a relay that runs.</summary>
    public async Task<Result<string>> StartAsync(LogsCommand command, CancellationToken cancellation)
    {
        var subject = $"{command.Application}/{command.Service}";
        if (!isAllowed)
        {
            return new Failure(Phase.Policy, subject, "this gateway's policy does not allow log relay (policy.logs)");
        }

        if (!(await FindAsync(command.Application, command.Service, all: true, cancellation)).TryGet(out var container, out var wrong))
        {
            return wrong;
        }

        if (container is null)
        {
            return new Failure(Phase.Observe, subject, "there is no such container");
        }

        var lease = command.Lease < LongestLease ? command.Lease : LongestLease;
        lock (gate)
        {
            var key = (command.Application, command.Service);
            if (leases.TryGetValue(key, out var running))
            {
                running.Ending.CancelAfter(lease);
            }
            else if (leases.Count >= Most)
            {
                return new Failure(Phase.Apply, subject, $"{Most} services are relayed already; wait until a lease has ended");
            }
            else
            {
                var begun = new Lease(CancellationTokenSource.CreateLinkedTokenSource(cancellation));
                begun.Ending.CancelAfter(lease);
                leases[key] = begun;
                begun.Work = Task.Run(() => RunAsync(key, begun.Ending), CancellationToken.None);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"relaying for {lease.TotalSeconds:0} s");
    }

    public async ValueTask DisposeAsync()
    {
        List<Lease> running;
        lock (gate)
        {
            running = [.. leases.Values];
        }

        foreach (var lease in running)
        {
            await lease.Ending.CancelAsync();
            await lease.Work;
        }
    }

    private async Task RunAsync((string Application, string Service) key, CancellationTokenSource ending)
    {
        var buffer = new LogBuffer();
        try
        {
            var reading = ReadAsync(key.Application, key.Service, buffer, ending.Token);
            while (!reading.IsCompleted)
            {
                await Task.WhenAny(reading, Task.Delay(Beat, CancellationToken.None));
                await SendAsync(key.Application, key.Service, buffer);
            }

            await reading;
        }
        catch (OperationCanceledException)
        {
            buffer.AddNote("the lease has ended");
        }
        catch (Exception bug)
        {
            log.Error(bug, "The log relay of {Application}/{Service} died", key.Application, key.Service);
            buffer.AddNote("the relay has failed");
        }

        lock (gate)
        {
            leases.Remove(key);
        }

        await SendAsync(key.Application, key.Service, buffer);
        ending.Dispose();
    }

    /// <summary>A broker that does not take them in time loses them: nothing waits for it.</summary>
    private async Task SendAsync(string application, string service, LogBuffer buffer)
    {
        if (buffer.Take() is not { } lines)
        {
            return;
        }

        using var soon = new CancellationTokenSource(Again);
        try
        {
            if (!await Publish(application, service, lines, soon.Token))
            {
                log.Debug("Log lines of {Application}/{Service} could not be sent", application, service);
            }
        }
        catch (OperationCanceledException)
        {
            log.Debug("Log lines of {Application}/{Service} were not taken in time", application, service);
        }
    }

    /// <summary>Follows the service's container, and the one that comes after it.</summary>
    private async Task ReadAsync(string application, string service, LogBuffer buffer, CancellationToken cancellation)
    {
        var pace = new Pace(ReadPerSecond, ReadPerSecond);
        var query = new LogQuery { Tail = FirstLines };
        while (true)
        {
            if ((await FindAsync(application, service, all: false, cancellation)).TryGet(out var container, out _) && container is not null)
            {
                await foreach (var line in docker.Containers.FollowLogsAsync(container, query, cancellation))
                {
                    if (!line.TryGet(out var written, out var wrong))
                    {
                        buffer.AddNote(OneLine.Of(wrong[0].ToString()));
                        break;
                    }

                    buffer.Add(written.Text, Environment.TickCount64);
                    await Task.Delay(pace.Take(Environment.TickCount64, written.Text.Length + 1), cancellation);
                }

                query = new LogQuery { Tail = null, Since = DateTimeOffset.UtcNow };
            }

            await Task.Delay(Again, cancellation);
        }
    }

    /// <summary>The id of the service's container, the newest of several; null when there is none.</summary>
    private async Task<Result<string?>> FindAsync(string application, string service, bool all, CancellationToken cancellation)
    {
        var listed = await docker.Containers.ListAsync([$"{GatewayLabels.Application}={application}", $"{GatewayLabels.Service}={service}"], all, cancellation);
        return listed.IsSuccess ? listed.Value.MaxBy(static container => container.Created)?.Id : listed.Failures;
    }

    private sealed class Lease(CancellationTokenSource ending)
    {
        public CancellationTokenSource Ending => ending;

        public Task Work { get; set; } = Task.CompletedTask;
    }
}

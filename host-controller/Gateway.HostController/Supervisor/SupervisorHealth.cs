using Gateway.Core.Engine;
using Gateway.Core.Reports;

namespace Gateway.HostController.Supervisor;

/// <summary>Watches a supervisor that was just started.</summary>
internal sealed class SupervisorHealth(TimeProvider clock)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Null when it is healthy in time (or, without a health check, runs for a while), else what is wrong with it.</summary>
    public async Task<string?> ProblemAsync(SupervisorRun run, string id, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        string problem;
        while (true)
        {
            var looked = await run.Containers.InspectAsync(id, cancellation);
            if (!looked.TryGet(out var details, out var failures))
            {
                return failures[0].Message;
            }

            var elapsed = clock.GetElapsedTime(begun);
            var health = details.State.Health?.Status is { Length: > 0 } status ? status : "none";
            var runs = details.State is { Running: true, Restarting: false };
            if (runs && (health == "healthy" || (health == "none" && elapsed > Settling && details.RestartCount == 0)))
            {
                return null;
            }

            problem = health == "unhealthy" ? $"is unhealthy: {LastProbe(details.State.Health!)}"
                : details.RestartCount > 0 || !runs ? $"ended with {details.State.ExitCode} and was restarted {details.RestartCount} times {details.State.Error}".TrimEnd()
                : "did not become healthy";
            if (health == "unhealthy" || elapsed > run.Wanted.HealthTimeout)
            {
                break;
            }

            await Task.Delay(Look, clock, cancellation);
        }

        return OneLine.Of($"{problem} (health_timeout {run.Wanted.HealthTimeout.TotalSeconds:0} s){await run.Containers.LastLinesAsync(id, cancellation)}");
    }

    private static string LastProbe(ContainerHealth health) => health.Log is [.., var probe] ? probe.Output.Trim() : "";
}

using Gateway.Core.Engine;
using Gateway.Core.Reports;

namespace Gateway.HostController.Supervisor;

/// <summary>Watches a supervisor on probation.</summary>
internal sealed class SupervisorWatch(SupervisorEngine containers, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>A restart of the engine may take this long; it says nothing about the supervisor.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    /// <summary>Worked or broke; null when the engine went away, so that nothing can be said.</summary>
    public async Task<UpdateEvent?> WatchAsync(string id, TimeSpan healthTimeout, TimeSpan probation, CancellationToken cancellation)
    {
        var judge = new ProbationJudge(healthTimeout, probation);
        var begun = clock.GetTimestamp();
        var lastAnswer = begun;
        while (true)
        {
            var looked = await containers.InspectAsync(id, cancellation);
            if (looked.TryGet(out var details, out var failures))
            {
                lastAnswer = clock.GetTimestamp();
                judge.See(LookAt(details, clock.GetElapsedTime(begun)));
                if (judge.Passed)
                {
                    return new UpdateEvent.Worked();
                }

                if (judge.Problem is { } problem)
                {
                    return new UpdateEvent.Broke(OneLine.Of($"{problem}{Said(details)}{Limits(healthTimeout, probation)}{await containers.LastLinesAsync(id, cancellation)}"), false);
                }
            }
            else if (failures[0].Kind == FailureKind.NotFound)
            {
                return new UpdateEvent.Broke("was removed by somebody within its probation", true);
            }
            else if (clock.GetElapsedTime(lastAnswer) > LongestSilence)
            {
                return null;
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    private static ProbationLook LookAt(ContainerDetails details, TimeSpan elapsed)
    {
        var state = details.State;
        var health = state.Health?.Status is { Length: > 0 } status ? status : "none";
        return new ProbationLook(elapsed, state is { Running: true, Restarting: false, Paused: false }, health, details.RestartCount, state.Health?.FailingStreak ?? 0);
    }

    private static string Said(ContainerDetails details) =>
        details.State.Health is { FailingStreak: > 0, Log: [.., var probe] } ? $": {probe.Output.Trim()}"
        : details.State.Running && details.RestartCount == 0 ? ""
        : $"; ended with {details.State.ExitCode}, restarted {details.RestartCount} times {details.State.Error}".TrimEnd();

    private static string Limits(TimeSpan healthTimeout, TimeSpan probation) => $" (health_timeout {healthTimeout.TotalSeconds:0} s, probation {probation.TotalSeconds:0} s)";
}

using Gateway.Core.Mqtt;
using Serilog;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>Keeps the parts of the supervisor going: one that dies is started again, after a pause that grows.</summary>
internal static class Loops
{
    /// <summary>Runs a loop until cancelled.</summary>
    public static async Task KeepAsync(string name, Func<CancellationToken, Task> body, ILogger log, CancellationToken cancellation)
    {
        var pauses = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        while (!cancellation.IsCancellationRequested)
        {
            var started = Environment.TickCount64;
            try
            {
                await body(cancellation);
                log.Warning("{Loop} ended; it is started again", name);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A bug, then; the other parts must not suffer from it.
                log.Error(e, "{Loop} died; it is started again", name);
            }

            if (Environment.TickCount64 - started > TimeSpan.FromMinutes(5).TotalMilliseconds)
            {
                pauses.Reset();
            }

            await Task.Delay(pauses.Next(), cancellation).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}

using Gateway.Core.Reports;

namespace Gateway.HostController.Supervisor;

/// <summary>Whose turn it is to act on the supervisor's containers, over processes and threads; the kernel's lock goes with whoever held it.</summary>
/// <param name="path">The lock file.</param>
/// <param name="longest">How long to wait for another's turn to end.</param>
/// <param name="clock">Time.</param>
internal sealed class SupervisorTurn(string path, TimeSpan longest, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private SingleInstance? held;

    /// <summary>Waits for it, and keeps it until disposed.</summary>
    public async Task<Result<Nothing>> TakeAsync(CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        while (held is null)
        {
            var taken = SingleInstance.Take(path, "supervisor");
            if (taken.IsSuccess)
            {
                held = taken.Value;
            }
            else if (clock.GetElapsedTime(begun) > longest)
            {
                return taken.Failures;
            }
            else
            {
                await Task.Delay(Pause, clock, cancellation);
            }
        }

        return default(Nothing);
    }

    public void Dispose()
    {
        held?.Dispose();
        held = null;
    }
}

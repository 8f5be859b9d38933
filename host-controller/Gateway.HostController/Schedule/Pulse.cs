using Gateway.HostController.Run;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Schedule;

/// <summary>
/// Proof of life for the watchdog: whoever works says until when it need not be heard of again. A loop that hangs stops
/// saying so, and then systemd is no longer told that all is well.
/// </summary>
internal sealed class Pulse(TimeProvider clock) : IRunObserver
{
    /// <summary>A task may wait for a download or a package for a long time without a word.</summary>
    private static readonly TimeSpan LongestTask = TimeSpan.FromHours(2);
    private long aliveUntil;

    /// <summary>Whether the last promise still holds.</summary>
    public bool IsAlive => clock.GetTimestamp() < Volatile.Read(ref aliveUntil);

    /// <summary>Promises another beat within <paramref name="allowance"/>.</summary>
    public void Beat(TimeSpan allowance) =>
        Volatile.Write(ref aliveUntil, clock.GetTimestamp() + (long)(allowance.TotalSeconds * clock.TimestampFrequency));

    public void PlayStarted(Play play) => Beat(LongestTask);

    public void TaskStarted(TaskStart task) => Beat(LongestTask);

    public void ItemFinished(ItemReport item) => Beat(LongestTask);

    public void TaskFinished(TaskReport task) => Beat(LongestTask);

    public void Progress(string line) => Beat(LongestTask);

    public void Retrying(TaskStart task, int attemptsLeft) => Beat(LongestTask);
}

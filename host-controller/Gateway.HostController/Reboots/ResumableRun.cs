using System.Collections.Immutable;
using Gateway.HostController.Run.Journal;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Reboots;

/// <summary>One run that may stop for a reboot.</summary>
/// <param name="before">What it did before the boot; empty when it begins.</param>
/// <param name="reboot">Saves the run and boots the machine: comes back only with why it did not.</param>
internal sealed class ResumableRun(
    ImmutableArray<JournalEntry> before, Func<Reboot, ImmutableArray<JournalEntry>, Action<string>, CancellationToken, Task<string>> reboot)
{
    public ImmutableArray<JournalEntry> Before { get; } = before;

    /// <summary>Whether it stopped for a reboot, or tried to.</summary>
    public bool HasAsked { get; private set; } = !before.IsEmpty;

    /// <summary>Boots the machine; comes back only when that cannot be done, with the reason.</summary>
    public Task<string> RebootAsync(Reboot wanted, ImmutableArray<JournalEntry> entries, Action<string> progress, CancellationToken cancellation)
    {
        HasAsked = true;
        return reboot(wanted, entries, progress, cancellation);
    }
}

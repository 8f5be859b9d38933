using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run.Journal;

/// <summary>
/// What every step of a run came to, in order. A run that goes on after a boot is run again from its beginning, and
/// what it did before is answered from here instead of being done: variables, notified handlers, blocks, includes and
/// counts are then what they were.
/// </summary>
/// <param name="before">What was done before the boot; empty for a run that begins.</param>
internal sealed class TaskJournal(ImmutableArray<JournalEntry> before)
{
    private readonly List<JournalEntry> entries = [];
    private Reboot? asked;

    /// <summary>Whether what comes next was done before the boot.</summary>
    public bool IsReplaying => entries.Count < before.Length;

    public ImmutableArray<JournalEntry> Entries => [.. entries];

    /// <summary>A task asks for a reboot, which comes when the task has been counted.</summary>
    public ChangeOutcome Ask(Reboot reboot)
    {
        asked = reboot;
        return ChangeOutcome.Done;
    }

    /// <summary>The reboot that was asked for since the last call; null for none.</summary>
    public Reboot? TakeAsked()
    {
        var taken = asked;
        asked = null;
        return taken;
    }

    /// <summary>What came of a task before the boot; null when it has yet to run. A failure when another task ran then.</summary>
    public Result<TaskOutcome?> Outcome(TaskItem task) => Next(task).Then<TaskOutcome?>(entry => entry?.Outcome);

    /// <summary>Whether a condition held before the boot; null when it has yet to be looked at.</summary>
    public Result<bool?> Holds(TaskItem task) => Next(task).Then<bool?>(entry => entry?.Holds);

    public void Add(TaskItem task, TaskOutcome outcome) => entries.Add(new JournalEntry(JournalEntry.PlaceOf(task), null, outcome));

    public void Add(TaskItem task, bool holds) => entries.Add(new JournalEntry(JournalEntry.PlaceOf(task), holds, null));

    /// <summary>What was added last came to something else after all.</summary>
    public void Correct(TaskItem task, TaskOutcome outcome) => entries[^1] = new JournalEntry(JournalEntry.PlaceOf(task), null, outcome);

    private Result<JournalEntry?> Next(TaskItem task)
    {
        if (!IsReplaying)
        {
            return (JournalEntry?)null;
        }

        var entry = before[entries.Count];
        return entry.Place == JournalEntry.PlaceOf(task)
            ? entry
            : Failure.At(Phase.Apply, task.At, $"the run cannot go on after the boot: {entry.Place} came here before it; apply the playbook again");
    }
}

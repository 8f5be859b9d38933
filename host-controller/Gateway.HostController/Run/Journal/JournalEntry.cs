using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run.Journal;

/// <summary>What one step of a run came to.</summary>
/// <param name="Place">Where the task stands, and its module: a run that goes on must meet the same.</param>
/// <param name="Holds">Whether the condition of a task for the runner itself held; null for a task that ran.</param>
/// <param name="Outcome">What came of a task; null for a condition.</param>
internal sealed record JournalEntry(string Place, bool? Holds, TaskOutcome? Outcome)
{
    public static string PlaceOf(TaskItem task) => $"{Path.GetFileName(task.At.File)}:{task.At.Line}:{task.At.Column} {task.Module}";
}

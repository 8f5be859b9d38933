using Gateway.Core.Reports;

namespace Gateway.HostController.Run;

/// <summary>What one run has counted and been told so far.</summary>
internal sealed class RunState
{
    private const int MostChanges = 1000;

    private readonly List<Failure> failures = [];
    private readonly List<string> changes = [];
    private int ok;
    private int changed;
    private int failed;
    private int skipped;
    private int rescued;
    private int ignored;

    /// <summary>How many blocks around the task have a rescue part that is still to come.</summary>
    public int Rescuers { get; set; }

    /// <summary>Whether <c>meta: end_play</c> ended the play.</summary>
    public bool PlayEnded { get; set; }

    /// <summary>Whether an include failed: then no later play runs, even if a rescue part followed.</summary>
    public bool HasBrokenInclude { get; set; }

    /// <summary>Roles of this play that have run and do not run again.</summary>
    public HashSet<string> RolesRun { get; } = new(StringComparer.Ordinal);

    /// <summary>How many tasks were done, well or not.</summary>
    public int Done => ok + failed + rescued;

    public RunResult Result => new(new RunStats(ok, changed, failed, skipped, rescued, ignored), [.. failures], [.. changes]);

    /// <summary>Counts a task as Ansible's recap does.</summary>
    public void Count(TaskStatus status, bool isChanged, TaskStart task, string message)
    {
        switch (status)
        {
            case TaskStatus.Skipped:
                skipped++;
                return;
            case TaskStatus.Rescued:
                rescued++;
                return;
            case TaskStatus.Failed:
                failed++;
                failures.Add(Failure.At(Phase.Apply, task.At, $"task '{task.Name}' failed: {message}"));
                return;
            case TaskStatus.Ignored:
                ignored++;
                break;
        }

        ok++;
        if (isChanged)
        {
            changed++;
            if (changes.Count < MostChanges)
            {
                changes.Add(task.Name);
            }
        }
    }
}

using System.Collections.Immutable;
using Gateway.HostController.Run;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Reports;

/// <summary>Tells several observers the same.</summary>
internal sealed class Observers(params ImmutableArray<IRunObserver> all) : IRunObserver
{
    public void PlayStarted(Play play) => Tell(one => one.PlayStarted(play));

    public void TaskStarted(TaskStart task) => Tell(one => one.TaskStarted(task));

    public void ItemFinished(ItemReport item) => Tell(one => one.ItemFinished(item));

    public void Included(string path, string? label) => Tell(one => one.Included(path, label));

    public void TaskFinished(TaskReport task) => Tell(one => one.TaskFinished(task));

    public void Retrying(TaskStart task, int attemptsLeft) => Tell(one => one.Retrying(task, attemptsLeft));

    public void Progress(string line) => Tell(one => one.Progress(line));

    public void Warning(string line) => Tell(one => one.Warning(line));

    public void Finished(RunResult result) => Tell(one => one.Finished(result));

    private void Tell(Action<IRunObserver> what)
    {
        foreach (var one in all)
        {
            what(one);
        }
    }
}

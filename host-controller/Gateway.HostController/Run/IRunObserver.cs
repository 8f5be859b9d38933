using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Hears of a run as it goes: a screen, a report, a log. Calls come one after the other.</summary>
internal interface IRunObserver
{
    public void PlayStarted(Play play)
    {
    }

    public void TaskStarted(TaskStart task)
    {
    }

    /// <summary>A file of tasks was included.</summary>
    /// <param name="path">The file.</param>
    /// <param name="label">What stands for the item that it was included for; null outside a loop.</param>
    public void Included(string path, string? label)
    {
    }

    public void ItemFinished(ItemReport item)
    {
    }

    public void TaskFinished(TaskReport task)
    {
    }

    /// <summary>An attempt did not satisfy <c>until</c>; another follows.</summary>
    public void Retrying(TaskStart task, int attemptsLeft)
    {
    }

    /// <summary>Something under way: a download, a wait.</summary>
    public void Progress(string line)
    {
    }

    /// <summary>Something a person should know that fails nothing.</summary>
    public void Warning(string line)
    {
    }

    public void Finished(RunResult result)
    {
    }
}

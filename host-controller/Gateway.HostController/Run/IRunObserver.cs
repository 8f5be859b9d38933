using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Hears of a run as it goes: a screen, a report, a log. Calls come one after the other.</summary>
internal interface IRunObserver
{
    void PlayStarted(Play play)
    {
    }

    void TaskStarted(TaskStart task)
    {
    }

    void ItemFinished(ItemReport item)
    {
    }

    void TaskFinished(TaskReport task)
    {
    }

    /// <summary>An attempt did not satisfy <c>until</c>; another follows.</summary>
    void Retrying(TaskStart task, int attemptsLeft)
    {
    }

    /// <summary>Something under way: a download, a wait.</summary>
    void Progress(string line)
    {
    }

    /// <summary>Something a person should know that fails nothing.</summary>
    void Warning(string line)
    {
    }

    void Finished(RunResult result)
    {
    }
}

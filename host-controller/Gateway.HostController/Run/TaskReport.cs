using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.HostController.Run;

/// <summary>How a task, or one item of its loop, ended.</summary>
internal enum TaskStatus
{
    Ok,
    Changed,
    Skipped,
    Failed,

    /// <summary>Failed, and the task says that this does not matter.</summary>
    Ignored,

    /// <summary>Failed, and a rescue part follows.</summary>
    Rescued,
}

/// <summary>A task about to run.</summary>
/// <param name="Name">Its name, rendered; the module when it has none.</param>
/// <param name="Module">The module as the playbook writes it.</param>
/// <param name="At">Where it stands.</param>
/// <param name="IsHandler">Whether a notification runs it.</param>
internal sealed record TaskStart(string Name, string Module, Position At, bool IsHandler)
{
    /// <summary>Its own name, rendered, without its role; empty when it has none.</summary>
    public string OwnName { get; init; } = "";
}

/// <summary>What came of a task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Result">What is registered, censored where <c>no_log</c> says so; for a loop with <c>results</c>.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record TaskReport(TaskStart Task, TaskStatus Status, DictValue Result, TimeSpan Duration);

/// <summary>What came of one item of a loop.</summary>
/// <param name="Task">The task.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Label">What stands for the item.</param>
/// <param name="Result">Its result, censored where <c>no_log</c> says so.</param>
internal sealed record ItemReport(TaskStart Task, TaskStatus Status, string Label, DictValue Result);

using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run.Output;

/// <summary>As ansible-playbook prints: banners, one line per task or item, differences, the recap.</summary>
internal sealed class TextOutput(TextWriter output, bool diff, int verbosity) : IRunObserver
{
    private const int Columns = 79;
    private const string Host = "localhost";
    private bool isIncluding;

    public void PlayStarted(Play play) => Banner(play.Name.Length == 0 ? "PLAY" : $"PLAY [{play.Name}]");

    public void TaskStarted(TaskStart task)
    {
        isIncluding = Keywords.Short(task.Module) is "include_tasks" or "include_role";
        Banner($"{(task.IsHandler ? "RUNNING HANDLER" : "TASK")} [{task.Name}]");
    }

    public void Included(string path, string? label) => output.WriteLine($"included: {path} for {Host}{(label is null ? "" : $" => (item={label})")}");

    public void ItemFinished(ItemReport item)
    {
        if (isIncluding && item.Status == TaskStatus.Ok)
        {
            return;
        }

        ShowDiff(item.Result);
        if (item.Status is TaskStatus.Failed)
        {
            output.WriteLine($"failed: [{Host}] (item={item.Label}) => {Failure(item.Task, item.Result)}");
            return;
        }

        var line = $"{Word(item.Status, "failed")}: [{Host}] => (item={item.Label})";
        output.WriteLine(item.Status != TaskStatus.Skipped && Verbose(item.Task) ? $"{line} => {ValueWriter.Text(Debug(item.Task, item.Result), indent: true)}"
            : line);
    }

    public void TaskFinished(TaskReport task)
    {
        var loops = task.Result.TryGet("results", out var results) && results is ListValue { IsTrue: true };
        if (task.Status == TaskStatus.Ok && isIncluding)
        {
            return;
        }

        if (!loops)
        {
            ShowDiff(task.Result);
            var line = $"{Word(task.Status, "fatal")}: [{Host}]";
            output.WriteLine(task.Status is TaskStatus.Failed or TaskStatus.Ignored or TaskStatus.Rescued
                ? $"{line}: FAILED! => {Failure(task.Task, task.Result)}"
                : task.Status != TaskStatus.Skipped && Verbose(task.Task) ? $"{line} => {ValueWriter.Text(Debug(task.Task, task.Result), indent: true)}"
                : verbosity > 0 ? $"{line} => {ValueWriter.Text(Clean(task.Result), indent: false)}"
                : line);
        }
        else if (task.Status == TaskStatus.Skipped)
        {
            output.WriteLine($"skipping: [{Host}]");
        }

        if (task.Status == TaskStatus.Ignored)
        {
            output.WriteLine("...ignoring");
        }

        output.Flush();
    }

    public void Retrying(TaskStart task, int attemptsLeft) => output.WriteLine($"FAILED - RETRYING: [{Host}]: {task.Name} ({attemptsLeft} retries left).");

    public void Progress(string line)
    {
        output.WriteLine($"  {Gateway.Core.Reports.OneLine.Of(line)}");
        output.Flush();
    }

    public void Warning(string line) => output.WriteLine($"[WARNING]: {Gateway.Core.Reports.OneLine.Of(line)}");

    public void Finished(RunResult result)
    {
        var stats = result.Stats;
        Banner("PLAY RECAP");
        string Count(string name, int number) => $"{name}={number}".PadRight(name.Length + 5);
        output.WriteLine($"{Host.PadRight(26)} : {Count("ok", stats.Ok)} {Count("changed", stats.Changed)} {Count("unreachable", 0)} {Count("failed", stats.Failures)} {Count("skipped", stats.Skipped)} {Count("rescued", stats.Rescued)} {Count("ignored", stats.Ignored)}");
        output.WriteLine();
        output.Flush();
    }

    private static bool Verbose(TaskStart task) => task.Module is "debug" or "assert" || task.Module.EndsWith(".debug", StringComparison.Ordinal) || task.Module.EndsWith(".assert", StringComparison.Ordinal);

    private static string Word(TaskStatus status, string failed) => status switch
    {
        TaskStatus.Ok => "ok",
        TaskStatus.Changed => "changed",
        TaskStatus.Skipped => "skipping",
        _ => failed,
    };

    private void Banner(string text) => output.WriteLine($"\n{text} {new string('*', Math.Max(3, Columns - text.Length))}");

    private void ShowDiff(DictValue result)
    {
        if (!diff || !TaskOutcome.IsTrue(result, "changed") || !result.TryGet("diff", out var differences))
        {
            return;
        }

        foreach (var one in (differences is ListValue list ? [.. list.Items] : new[] { differences }).OfType<DictValue>())
        {
            if (DiffText.Of(one) is { Length: > 0 } text)
            {
                output.WriteLine(text);
            }
        }
    }

    /// <summary>A result without what is printed elsewhere.</summary>
    private static DictValue Clean(DictValue result) =>
        DictValue.Of(result.Entries.Where(entry => entry.Key.ToString() is not ("diff" or "failed" or "invocation") && !entry.Key.ToString().StartsWith("_ansible", StringComparison.Ordinal)));

    /// <summary>On one line, unless the task prints its results as a person reads them and came so far as to make one.</summary>
    private static string Failure(TaskStart task, DictValue result)
    {
        var isMade = Verbose(task) && (result.TryGet("assertion", out _) || result.TryGet("failed_when_result", out _));
        return ValueWriter.Text(isMade ? Debug(task, result) : Clean(result), indent: isMade);
    }

    /// <summary>What debug and assert print: what they were told to.</summary>
    private static DictValue Debug(TaskStart task, DictValue result) => task.Module.EndsWith("assert", StringComparison.Ordinal)
        ? Clean(result)
        : DictValue.Of(Clean(result).Entries.Where(entry => entry.Key.ToString() is not ("changed" or "skipped") && (!result.TryGet("msg", out _) || entry.Key.ToString() == "msg")));
}

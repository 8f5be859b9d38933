using System.Text;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.HostController.Run;
using Gateway.HostController.Run.Output;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;
using Gateway.UnitTests.Playbooks.Modules;

namespace Gateway.UnitTests.HostController.Run;

/// <summary>One run of a playbook on a machine that is not there: what it would have changed, what it showed and counted.</summary>
internal sealed class TestRun : IRunObserver
{
    private readonly List<string> changes = [];
    private readonly List<string> tasks = [];
    private readonly List<string> items = [];

    private TestRun()
    {
    }

    /// <summary>What the executor was given.</summary>
    public IReadOnlyList<string> Changes => changes;

    /// <summary>Each task that was shown, with how it ended.</summary>
    public IReadOnlyList<string> Tasks => tasks;

    public IReadOnlyList<string> Items => items;

    public RunResult Result { get; private set; } = null!;

    public string Text { get; private set; } = "";

    public string Json { get; private set; } = "";

    /// <summary>Counts in the recap's order, without those that are 0.</summary>
    public string Counts
    {
        get
        {
            var stats = Result.Stats;
            (string Name, int Count)[] counts =
                [("ok", stats.Ok), ("changed", stats.Changed), ("failures", stats.Failures), ("skipped", stats.Skipped), ("rescued", stats.Rescued), ("ignored", stats.Ignored)];
            return string.Join(' ', counts.Where(count => count.Count > 0).Select(count => $"{count.Name}={count.Count}"));
        }
    }

    /// <param name="plays">The play list, or, when it begins with two blanks, the rest of a play for all hosts without facts.</param>
    /// <param name="options">How to run.</param>
    /// <param name="outcomes">What comes of a change; null for the usual.</param>
    /// <param name="host">The machine to read.</param>
    public static async Task<TestRun> OfAsync(string plays, RunOptions? options = null, Func<string, ChangeOutcome?>? outcomes = null, FakeHost? host = null)
    {
        var text = plays.StartsWith("  ", StringComparison.Ordinal) ? $"- name: Test\n  hosts: all\n  gather_facts: false\n{plays}" : plays;
        var parsed = PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText("p.yml", Encoding.UTF8.GetBytes(text))), ParseOptions.Unsigned);
        Assert.True(parsed.IsSuccess, string.Join('\n', parsed.Failures));
        var run = new TestRun();
        var (shown, json) = (new StringWriter(), new StringWriter());
        Task<ChangeOutcome> Execute(Change change, CancellationToken cancellation)
        {
            var line = ChangeText.Of(change);
            run.changes.Add(line);
            return Task.FromResult(outcomes?.Invoke(line) ?? (line.StartsWith("run ", StringComparison.Ordinal) ? new ChangeOutcome { ExitCode = 0 } : ChangeOutcome.Done));
        }

        var observer = new Everyone([run, RunOutput.Text(shown, options?.Diff ?? false, 0), RunOutput.Json(json)]);
        var machine = host ?? new FakeHost();
        var runner = new PlaybookRunner(new HostAccess("/", "/nonexistent.sock"), TimeProvider.System);
        run.Result = await runner.RunAsync(parsed.Value, options ?? new RunOptions(), observer, _ => machine, Execute, CancellationToken.None);
        (run.Text, run.Json) = (shown.ToString(), json.ToString());
        return run;
    }

    public static ChangeOutcome Said(string output, int status = 0) => new(status == 0 ? null : "non-zero return code") { ExitCode = status, StandardOutput = output };

    void IRunObserver.TaskFinished(TaskReport task) => tasks.Add($"{task.Task.Name}: {task.Status.ToString().ToLowerInvariant()}");

    void IRunObserver.ItemFinished(ItemReport item) => items.Add($"{item.Label}: {item.Status.ToString().ToLowerInvariant()}");

    private sealed class Everyone(IRunObserver[] observers) : IRunObserver
    {
        public void PlayStarted(Play play) => Array.ForEach(observers, observer => observer.PlayStarted(play));

        public void TaskStarted(TaskStart task) => Array.ForEach(observers, observer => observer.TaskStarted(task));

        public void ItemFinished(ItemReport item) => Array.ForEach(observers, observer => observer.ItemFinished(item));

        public void Included(string path, string? label) => Array.ForEach(observers, observer => observer.Included(path, label));

        public void TaskFinished(TaskReport task) => Array.ForEach(observers, observer => observer.TaskFinished(task));

        public void Retrying(TaskStart task, int attemptsLeft) => Array.ForEach(observers, observer => observer.Retrying(task, attemptsLeft));

        public void Progress(string line) => Array.ForEach(observers, observer => observer.Progress(line));

        public void Warning(string line) => Array.ForEach(observers, observer => observer.Warning(line));

        public void Finished(RunResult result) => Array.ForEach(observers, observer => observer.Finished(result));
    }
}

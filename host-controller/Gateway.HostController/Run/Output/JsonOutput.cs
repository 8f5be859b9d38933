using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run.Output;

/// <summary>Ansible's json callback shape, written when the run has finished; warnings go to standard error.</summary>
internal sealed class JsonOutput(TextWriter output) : IRunObserver
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        IndentSize = 4,
        NewLine = "\n",
        MaxDepth = 1000,
    };

    private readonly List<(Play Play, List<TaskReport> Tasks)> plays = [];

    public void PlayStarted(Play play) => plays.Add((play, []));

    public void TaskFinished(TaskReport task) => plays[^1].Tasks.Add(task);

    public void Warning(string line) => Console.Error.WriteLine($"[WARNING]: {line}");

    public void Finished(RunResult result)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, result);
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private void Write(Utf8JsonWriter writer, RunResult result)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("plays");
        foreach (var (play, tasks) in plays)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("play");
            writer.WriteString("name", play.Name);
            writer.WriteEndObject();
            writer.WriteStartArray("tasks");
            tasks.ForEach(task => WriteTask(writer, task));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteStats(writer, result.Stats);
        writer.WriteEndObject();
    }

    private static void WriteTask(Utf8JsonWriter writer, TaskReport report)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("task");
        writer.WriteString("name", report.Task.Name);
        writer.WriteNumber("duration", Math.Round(report.Duration.TotalSeconds, 6));
        writer.WriteEndObject();
        writer.WriteStartObject("hosts");
        writer.WritePropertyName("localhost");
        writer.WriteStartObject();
        writer.WriteString("action", report.Task.Module);
        foreach (var key in (ReadOnlySpan<string>)["changed", "failed", "skipped"])
        {
            writer.WriteBoolean(key, key == "failed" ? TaskOutcome.HasFailed(report.Result) : TaskOutcome.IsTrue(report.Result, key));
        }

        foreach (var entry in report.Result.Entries.Where(entry => entry.Key.ToString() is not ("action" or "changed" or "failed" or "skipped")))
        {
            writer.WritePropertyName(entry.Key.ToString());
            ValueWriter.Write(writer, entry.Value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteStats(Utf8JsonWriter writer, RunStats stats)
    {
        writer.WriteStartObject("stats");
        writer.WriteStartObject("localhost");
        writer.WriteNumber("ok", stats.Ok);
        writer.WriteNumber("changed", stats.Changed);
        writer.WriteNumber("failures", stats.Failures);
        writer.WriteNumber("skipped", stats.Skipped);
        writer.WriteNumber("rescued", stats.Rescued);
        writer.WriteNumber("ignored", stats.Ignored);
        writer.WriteNumber("unreachable", 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

using System.Text.Json.Nodes;

namespace Gateway.IntegrationTests.Playbooks;

/// <summary>A run as lines that can be compared: a task and its result each, and the recap.</summary>
internal static class RunText
{
    /// <summary>What of a result differs from run to run, or describes how Ansible did it.</summary>
    private static readonly string[] Left =
    [
        "start", "end", "delta", "invocation", "diff", "ansible_facts", "warnings", "deprecations", "exception", "module_stdout", "module_stderr", "uid", "gid", "src", "md5sum",
        "backup", "backup_file", "cache_updated", "cache_update_time", "action", "stdout_lines", "stderr_lines", "duration", "include_args", "include_role", "stat", "files", "age", "details", "elapsed",
    ];

    /// <summary>Of a task that failed, or would only have done something, what it says counts, not how it found the path.</summary>
    private static readonly string[] Found = ["state", "mode", "owner", "group", "size", "checksum", "gid", "uid", "dest", "path"];

    public static List<string> OfAnsible(JsonObject run, string name) =>
        Of(run["tasks"]!.AsArray().Select(task => (task!["name"]!.ToString(), task["result"]!.AsObject())), run["stats"]!.AsObject(), name);

    public static List<string> OfOurs(JsonObject run, string name) => Of(
        run["plays"]!.AsArray().SelectMany(play => play!["tasks"]!.AsArray()).Select(task => (task!["task"]!["name"]!.ToString(), task["hosts"]!["localhost"]!.AsObject())),
        run["stats"]!["localhost"]!.AsObject(),
        name);

    public static string Differences(List<string> theirs, List<string> ours) => string.Concat(
        Enumerable.Range(0, Math.Max(theirs.Count, ours.Count)).Where(i => theirs.ElementAtOrDefault(i) != ours.ElementAtOrDefault(i)).Select(i => $"\nansible {theirs.ElementAtOrDefault(i)}\nwe      {ours.ElementAtOrDefault(i)}\n"));

    private static List<string> Of(IEnumerable<(string Name, JsonObject Result)> tasks, JsonObject counts, string name)
    {
        var isCheck = AnsibleRuns.Options(name).Contains("--check");
        return
        [
            .. tasks.Select(task => $"{task.Name}: {Result(task.Result, isCheck || task.Name.StartsWith("Would", StringComparison.Ordinal))}"),
            string.Join(' ', ((string[])["ok", "changed", "failures", "skipped", "rescued", "ignored"]).Select(key => $"{key}={counts[key]}")),
        ];
    }

    private static string Result(JsonObject result, bool isOnlyTold)
    {
        var failed = result["failed"] is JsonValue truth && truth.TryGetValue<bool>(out var flag) && flag;
        var parts = result
            .Where(entry => !Left.Contains(entry.Key) && !entry.Key.StartsWith("_ansible", StringComparison.Ordinal) && !((failed || isOnlyTold) && Found.Contains(entry.Key)))
            .Where(entry => entry.Key != "results" && !IsNo(entry.Key, entry.Value))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => $"{entry.Key}={Text(entry.Value)}")
            .ToList();
        if (result["results"] is JsonArray items)
        {
            parts.AddRange(items.Select(item => $"[{(item is JsonObject one ? Result(one, isOnlyTold) : Text(item))}]"));
        }

        return string.Join(' ', parts);
    }

    /// <summary>Members by name, as Ansible prints them; and without the excerpt of the playbook that it puts under some errors.</summary>
    private static string Text(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject map => $"{{{string.Join(',', map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{JsonValue.Create(entry.Key).ToJsonString()}:{Text(entry.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Text))}]",
        JsonValue text when text.TryGetValue<string>(out var said) && said.IndexOf("\n\nThe error appears to be in", StringComparison.Ordinal) is var at and >= 0 => JsonValue.Create(said[..at]).ToJsonString(),
        _ => value.ToJsonString(),
    };

    private static bool IsNo(string key, JsonNode? value) => key is "changed" or "failed" or "skipped" && value is JsonValue truth && truth.TryGetValue<bool>(out var flag) && !flag;
}

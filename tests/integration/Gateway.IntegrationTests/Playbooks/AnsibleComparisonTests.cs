using System.Text.Json.Nodes;
using Gateway.Core.Processes;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.HostController.Run;
using Gateway.HostController.Run.Output;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;

namespace Gateway.IntegrationTests.Playbooks;

/// <summary>Every playbook in <c>Ansible/</c> is run by ansible-playbook and by us, twice, and must come out the same.</summary>
public sealed class AnsibleComparisonTests
{
    private static readonly string Here = Path.Combine(AppContext.BaseDirectory, "Playbooks");

    /// <summary>What of a result must be the same; the rest holds times, paths of temporary files, or is ours alone.</summary>
    private static readonly string[] Compared =
        ["changed", "failed", "skipped", "rc", "stdout", "stderr", "cmd", "msg", "dest", "path", "state", "mode", "owner", "group", "size", "checksum", "skip_reason", "attempts", "ping", "assertion", "evaluated_to"];

    public static TheoryData<string> Names { get; } = [.. Directory.GetFiles(Path.Combine(Here, "Ansible"), "*.yml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_playbook_comes_out_as_with_ansible(string name)
    {
        var place = Directory.CreateTempSubdirectory("playbooks-");
        try
        {
            var folder = Path.Combine(place.FullName, "t");
            var (theirs, theirTree) = await TwiceAsync(folder, round => AnsibleAsync(name, folder, place.FullName, round));
            var (ours, ourTree) = await TwiceAsync(folder, _ => OursAsync(name, folder));
            for (var round = 0; round < 2; round++)
            {
                var differences = Differences(Lines(theirs[round], name), Lines(ours[round], name));
                Assert.True(differences.Length == 0, differences);
            }

            Assert.Equal(theirTree, ourTree);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private static string Differences(List<string> theirs, List<string> ours) => string.Concat(
        Enumerable.Range(0, Math.Max(theirs.Count, ours.Count)).Where(i => theirs.ElementAtOrDefault(i) != ours.ElementAtOrDefault(i)).Select(i => $"\nansible {theirs.ElementAtOrDefault(i)}\nwe      {ours.ElementAtOrDefault(i)}\n"));

    private static async Task<(List<JsonObject> Runs, List<string> Tree)> TwiceAsync(string folder, Func<int, Task<JsonObject>> run)
    {
        Directory.CreateDirectory(folder);
        var runs = new List<JsonObject> { await run(1), await run(2) };
        var tree = Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Describe).ToList();
        Directory.Delete(folder, recursive: true);
        return (runs, tree);
    }

    private static string Describe(string path)
    {
        var info = new FileInfo(path);
        var content = info.LinkTarget is not null ? $"-> {info.LinkTarget}" : Directory.Exists(path) ? "folder" : File.ReadAllText(path);
        return $"{path} {(info.LinkTarget is null ? File.GetUnixFileMode(path) : UnixFileMode.None)} {content}";
    }

    private static async Task<JsonObject> AnsibleAsync(string name, string folder, string place, int round)
    {
        var record = Path.Combine(place, $"record{round}.json");
        var outcome = await ProcessRunner.RunAsync(
            new ProcessRequest("ansible-playbook", ["-i", "localhost,", "-c", "local", "-e", $"dir={folder}", .. Options(name), Path.Combine(Here, "Ansible", name)])
            {
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["ANSIBLE_CALLBACK_PLUGINS"] = Path.Combine(Here, "Callback"),
                    ["ANSIBLE_CALLBACKS_ENABLED"] = "record",
                    ["ANSIBLE_LOCALHOST_WARNING"] = "false",
                    ["ANSIBLE_PYTHON_INTERPRETER"] = "/usr/bin/python3",
                    ["RECORD_TO"] = record,
                },
                Timeout = TimeSpan.FromMinutes(5),
            },
            CancellationToken.None);
        Assert.True(File.Exists(record), outcome.StandardOutput + outcome.StandardError);
        return JsonNode.Parse(await File.ReadAllTextAsync(record))!.AsObject();
    }

    /// <summary>What stands after <c># options:</c> in the first line of a playbook, given to both.</summary>
    private static string[] Options(string name)
    {
        var first = File.ReadLines(Path.Combine(Here, "Ansible", name)).First();
        return first.StartsWith("# options: ", StringComparison.Ordinal) ? first["# options: ".Length..].Split(' ') : [];
    }

    private static async Task<JsonObject> OursAsync(string name, string folder)
    {
        var file = Path.Combine(Here, "Ansible", name);
        var parsed = PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText(name, await File.ReadAllBytesAsync(file))), ParseOptions.Unsigned with { Files = new SourceFolder(Path.GetDirectoryName(file)!, isSealed: false) });
        Assert.True(parsed.IsSuccess, string.Join('\n', parsed.Failures));
        var output = new StringWriter();
        var access = new HostAccess("/", "/nonexistent.sock") { PlaybookFolder = Path.GetDirectoryName(file) };
        var given = Options(name);
        string[] After(string option) => Array.IndexOf(given, option) is var at and >= 0 ? given[at + 1].Split(',') : [];
        var options = new RunOptions
        {
            ExtraVars = DictValue.Of(("dir", folder)),
            Check = given.Contains("--check"),
            Tags = [.. After("--tags")],
            SkipTags = [.. After("--skip-tags")],
        };
        await new PlaybookRunner(access, TimeProvider.System).RunAsync(parsed.Value, options, RunOutput.Json(output), CancellationToken.None);
        return JsonNode.Parse(output.ToString())!.AsObject();
    }

    private static List<string> Lines(JsonObject run, string name)
    {
        var isOurs = run.ContainsKey("plays");
        var tasks = isOurs
            ? run["plays"]!.AsArray().SelectMany(play => play!["tasks"]!.AsArray()).Select(task => (Name: task!["task"]!["name"]!.ToString(), Result: task["hosts"]!["localhost"]!.AsObject()))
            : run["tasks"]!.AsArray().Select(task => (Name: task!["name"]!.ToString(), Result: task["result"]!.AsObject()));
        var lines = tasks.Select(task => $"{task.Name}: {Result(task.Result, Left(name, task.Name, task.Result))}").ToList();
        var stats = isOurs ? run["stats"]!["localhost"]!.AsObject() : run["stats"]!.AsObject();
        lines.Add(string.Join(' ', ((string[])["ok", "changed", "failures", "skipped", "rescued", "ignored"]).Select(key => $"{key}={stats[key]}")));
        return lines;
    }

    /// <summary>What apt-get prints is not the same twice.</summary>
    private static string[] Left(string name, string task, JsonObject result)
    {
        // A task that failed, or would only have done something, is compared by what it says, not by how it found the path.
        var found = result["failed"]?.GetValue<bool>() == true || task.StartsWith("Would", StringComparison.Ordinal);
        var printed = name.StartsWith("packages", StringComparison.Ordinal) || (found && result["rc"] is null);
        return [.. Compared.Where(key => !(printed && key is ("stdout" or "stderr")) && !(found && key is ("state" or "mode" or "owner" or "group" or "size" or "checksum")))];
    }

    private static string Result(JsonObject result, string[] compared)
    {
        var parts = compared
            .Where(key => result[key] is { } value && (value is not JsonValue truth || !truth.TryGetValue<bool>(out var flag) || flag))
            .Select(key => $"{key}={result[key]!.ToJsonString()}")
            .ToList();
        if (result["results"] is JsonArray items)
        {
            parts.AddRange(items.Select(item => $"[{Result(item!.AsObject(), compared)}]"));
        }

        return string.Join(' ', parts);
    }
}

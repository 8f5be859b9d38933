using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Playbooks;

/// <summary>
/// Every playbook in <c>tests/integration/ansible</c>, run by Ansible twice in a folder of its own. All of them are run by one
/// process before the first comparison: Ansible's start would cost more than most playbooks do.
/// </summary>
public sealed class AnsibleRuns : IAsyncLifetime
{
    private static readonly string Here = Repository.At("tests", "integration", "ansible");
    private readonly DirectoryInfo place = Directory.CreateTempSubdirectory("playbooks-");
    private string said = "";

    /// <summary>The playbooks that must come out the same; those in <c>refused/</c> must be refused by both.</summary>
    public static IEnumerable<string> Names { get; } =
        [.. Of(Here).Concat(Of(Path.Combine(Here, "refused")).Select(name => "refused/" + name)).Order(StringComparer.Ordinal)];

    /// <summary>The playbook's file.</summary>
    public static string FileOf(string name) => Path.Combine(Here, name);

    /// <summary>What stands after <c># options:</c> in the first line of a playbook, given to both.</summary>
    public static string[] Options(string name)
    {
        var first = File.ReadLines(FileOf(name)).First();
        return first.StartsWith("# options: ", StringComparison.Ordinal) ? first["# options: ".Length..].Split(' ') : [];
    }

    /// <summary>The folder a playbook works in, the same for both; what Ansible left lies there until it is emptied.</summary>
    public string Folder(string name) => Path.Combine(place.FullName, name, "t");

    /// <summary>What Ansible's callbacks were told in a round; null when it refused the playbook.</summary>
    public JsonObject? Record(string name, int round) =>
        File.Exists(RecordFile(name, round)) ? JsonNode.Parse(File.ReadAllText(RecordFile(name, round)))!.AsObject() : null;

    /// <summary>What it printed, for a message about a comparison that failed.</summary>
    public string Said(string name) =>
        said + string.Concat(((string[])[".out", ".err"]).Select(end => RecordFile(name, 1) + end).Where(File.Exists).Select(File.ReadAllText));

    public async Task InitializeAsync()
    {
        var runs = Names.Select(name => new JsonObject
        {
            ["playbook"] = FileOf(name),
            ["folder"] = Folder(name),
            ["options"] = new JsonArray([.. Options(name).Select(option => (JsonNode)option)]),
            ["records"] = new JsonArray(RecordFile(name, 1), RecordFile(name, 2)),
        });
        var outcome = await ProcessRunner.RunAsync(
            new ProcessRequest("/usr/bin/python3", ["-B", Path.Combine(Here, "recording", "together.py")])
            {
                StandardInput = JsonSerializer.SerializeToUtf8Bytes(runs),
                Timeout = TimeSpan.FromMinutes(40), // minutes on a free machine; here the other tests run beside it
            },
            CancellationToken.None);
        said = outcome.StandardOutput + outcome.StandardError;
    }

    public Task DisposeAsync()
    {
        place.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Of(string folder) => Directory.GetFiles(folder, "*.yml").Select(file => Path.GetFileName(file));

    private string RecordFile(string name, int round) => Path.Combine(place.FullName, name, $"record{round}");
}

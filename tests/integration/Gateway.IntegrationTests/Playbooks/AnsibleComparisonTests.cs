using System.Text.Json.Nodes;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.HostController.Run;
using Gateway.HostController.Run.Output;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;

namespace Gateway.IntegrationTests.Playbooks;

/// <summary>Every playbook in <c>tests/integration/ansible</c> is run by Ansible and by us, twice, and must come out the same.</summary>
public sealed class AnsibleComparisonTests(AnsibleRuns ansible) : IClassFixture<AnsibleRuns>
{
    public static TheoryData<string> Playbooks { get; } = [.. AnsibleRuns.Names.Where(name => !IsRefused(name))];

    public static TheoryData<string> Refused { get; } = [.. AnsibleRuns.Names.Where(IsRefused)];

    [Fact]
    public void There_are_enough_of_them() => Assert.True(Playbooks.Count >= 60, $"only {Playbooks.Count}");

    [Theory]
    [MemberData(nameof(Playbooks))]
    public async Task A_playbook_comes_out_as_with_ansible(string name)
    {
        var folder = ansible.Folder(name);
        Assert.True(ansible.Record(name, 1) is not null && ansible.Record(name, 2) is not null, ansible.Said(name));
        var theirTree = FolderText.Of(folder);
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        for (var round = 1; round <= 2; round++)
        {
            var differences = RunText.Differences(RunText.OfAnsible(ansible.Record(name, round)!, name), RunText.OfOurs(await OursAsync(name, folder), name));
            Assert.True(differences.Length == 0, $"round {round}:{differences}");
        }

        Assert.Equal(theirTree, FolderText.Of(folder));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_ansible_refuses_before_anything_runs_we_refuse_as_well(string name)
    {
        Assert.Null(ansible.Record(name, 1));
        Assert.NotEmpty((await ParseAsync(name)).Failures);
    }

    private static bool IsRefused(string name) => name.StartsWith("refused/", StringComparison.Ordinal);

    private static async Task<Result<Playbook>> ParseAsync(string name)
    {
        var file = AnsibleRuns.FileOf(name);
        var options = ParseOptions.Unsigned with { Files = new SourceFolder(Path.GetDirectoryName(file)!, isSealed: false) };
        return PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText(Path.GetFileName(file), await File.ReadAllBytesAsync(file))), options);
    }

    private static async Task<JsonObject> OursAsync(string name, string folder)
    {
        var parsed = await ParseAsync(name);
        Assert.True(parsed.IsSuccess, string.Join('\n', parsed.Failures));
        var output = new StringWriter();
        var access = new HostAccess("/", "/nonexistent.sock") { PlaybookFolder = Path.GetDirectoryName(AnsibleRuns.FileOf(name)) };
        await new PlaybookRunner(access, TimeProvider.System).RunAsync(parsed.Value, Options(name, folder), RunOutput.Json(output), CancellationToken.None);
        return JsonNode.Parse(output.ToString())!.AsObject();
    }

    private static RunOptions Options(string name, string folder)
    {
        var given = AnsibleRuns.Options(name);
        string[] After(string option) => [.. given.Zip(given.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second)];
        var variables = After("--extra-vars").Select(text => ExtraVars.Parse(new SourceText("options", System.Text.Encoding.UTF8.GetBytes(text))).Value);
        return new RunOptions
        {
            ExtraVars = variables.Aggregate(DictValue.Of(("dir", folder)), (all, more) => DictValue.Of(all.Entries.Concat(more.Entries))),
            Check = given.Contains("--check"),
            Diff = given.Contains("--diff"),
            Tags = [.. After("--tags").SelectMany(tags => tags.Split(','))],
            SkipTags = [.. After("--skip-tags").SelectMany(tags => tags.Split(','))],
        };
    }
}

using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.HostController;
using Gateway.HostController.Policy;
using Gateway.HostController.Run;
using Gateway.HostController.Run.Output;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.UnitTests.HostController.Policy;

/// <summary>What this gateway lets playbooks write and run, on a real folder: before the first task, and before each task.</summary>
public sealed class PolicyGuardTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("policy-");

    public PolicyGuardTests()
    {
        foreach (var folder in (string[])["etc/site", "etc/other", "usr/bin"])
        {
            root.CreateSubdirectory(folder);
        }

        File.CreateSymbolicLink(At("etc/site/out"), "../other");
        File.CreateSymbolicLink(At("etc/site/passwd"), "../passwd");
        File.WriteAllText(At("etc/passwd"), "root");
    }

    public void Dispose() => root.Delete(recursive: true);

    public static TheoryData<string, bool> Static { get; } = new()
    {
        { "copy: {content: x, dest: /etc/site/a}", true },
        { "copy: {content: x, dest: /etc/site}", true },
        { "copy: {content: x, dest: /etc/sitemap}", false },
        { "copy: {content: x, dest: /etc/site/../shadow}", false },
        { "copy: {content: x, dest: /etc/site/out/a}", false },
        { "copy: {content: x, dest: /srv/a/conf/x}", true },
        { "copy: {content: x, dest: /srv/a/b/conf/x}", false },
        { "file: {path: /, state: directory}", false },
        { "command: /usr/bin/true", true },
        { "command: true", true },
        { "command: /bin/true now", true },
        { "command: false", false },
        { "command: ./true", false },
        { "shell: \"true; reboot\"", false },
        { "copy: {content: x, dest: /etc/site/a, validate: \"false %s\"}", false },
        { "user: {name: x}", true },
    };

    [Theory]
    [MemberData(nameof(Static))]
    public void What_a_task_says_plainly_is_judged_before_anything_runs(string task, bool allowed)
    {
        var refused = Guard.Judge(Parse($"  tasks:\n    - {task}\n").AllTasks);
        Assert.Equal(allowed, refused.IsEmpty);
        Assert.All(refused, failure => Assert.Matches("allowed_(paths|commands) of this gateway", failure.Message));
    }

    public static TheoryData<string, bool> Templated { get; } = new()
    {
        { "copy: {content: x, dest: \"/etc/{{ where }}/a\"}", true },
        { "copy: {content: x, dest: \"/etc/{{ where }}/../b\"}", false },
        { "copy: {content: x, dest: \"/etc/{{ where }}/out/b\"}", false },
        { "file: {path: \"/etc/{{ where }}/passwd\", mode: \"0666\"}", false },
        { "file: {path: \"/etc/{{ where }}/passwd\", state: absent}", true },
        { "file: {path: \"/etc/{{ where }}/hard\", src: /etc/passwd, state: hard}", false },
        { "command: \"{{ 'true' if where else 'false' }}\"", true },
        { "command: \"{{ 'false' if where else 'true' }}\"", false },
        { "{command: \"{{ 'true' }}\", environment: {LD_PRELOAD: /tmp/x.so}}", false },
        { "{command: \"{{ 'true' }}\", environment: {PATH: /tmp}}", false },
        { "{command: \"{{ 'true' }}\", environment: {LANG: C}}", true },
    };

    [Theory]
    [MemberData(nameof(Templated))]
    public async Task What_a_task_is_about_to_do_is_judged_before_it_is_done(string task, bool allowed)
    {
        var playbook = Parse($"  vars: {{where: site}}\n  tasks:\n    - {task}\n");
        Assert.Empty(Guard.Judge(playbook.AllTasks));
        var before = Tree();
        var access = new HostAccess(root.FullName, "/nonexistent.sock") { Policy = Policy };
        var result = await new PlaybookRunner(access, TimeProvider.System).RunAsync(playbook, new RunOptions(), RunOutput.Text(TextWriter.Null, false, 0), CancellationToken.None);
        Assert.Equal(allowed, !result.Failed);
        if (!allowed)
        {
            Assert.Matches("allowed_(paths|commands) of this gateway", result.Failures[0].Message);
            Assert.Equal(before, Tree());
        }
    }

    [Theory]
    [InlineData("copy: {content: x, dest: /etc/other/x}", "allowed_paths")]
    [InlineData("command: /usr/bin/touch /etc/other/x", "allowed_commands")]
    [InlineData("shell: 'true'", "allowed_modules")]
    public async Task Tasks_that_are_included_are_judged_before_the_first_of_them_runs(string task, string rule)
    {
        var folder = root.CreateSubdirectory("playbook").FullName;
        File.WriteAllText(Path.Combine(folder, "more.yml"), $"- copy: {{content: x, dest: /etc/site/first}}\n- {task}\n");
        var access = new HostAccess(root.FullName, "/nonexistent.sock") { Policy = Policy with { Modules = ["include_tasks", "copy", "command"] }, PlaybookFolder = folder };
        var result = await new PlaybookRunner(access, TimeProvider.System).RunAsync(
            Parse("  tasks:\n    - include_tasks: more.yml\n", folder), new RunOptions(), RunOutput.Text(TextWriter.Null, false, 0), CancellationToken.None);
        Assert.Contains(rule, Assert.Single(result.Failures).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(At("etc/site/first")));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../secret")]
    [InlineData("out/secret")]
    public async Task A_sealed_playbook_uses_only_what_was_signed_with_it(string source)
    {
        var folder = root.CreateSubdirectory("playbook").FullName;
        File.WriteAllText(At("secret"), "not signed");
        var access = new HostAccess("/", "/nonexistent.sock") { PlaybookFolder = folder, IsSealed = true };
        var result = await new PlaybookRunner(access, TimeProvider.System).RunAsync(
            Parse($"  tasks:\n    - copy: {{src: {source}, dest: {At("etc/site/x")}}}\n", folder), new RunOptions(), RunOutput.Text(TextWriter.Null, false, 0), CancellationToken.None);
        Assert.Contains("Could not find or access", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(At("etc/site/x")));
    }

    [Fact]
    public void Programs_that_a_module_runs_for_itself_are_a_matter_of_the_module()
    {
        var module = ModuleTable.Find("user")!;
        var change = new RunProcess("useradd", ["x"]);
        Assert.Null(Guard.Refusal(module, new OptionValues(ImmutableDictionary<string, Gateway.Playbooks.Expressions.Value>.Empty), Context, new Playbooks.Modules.FakeHost(), [change]));
    }

    [Fact]
    public void Arguments_that_make_tar_run_programs_are_refused_where_programs_are_listed()
    {
        var module = ModuleTable.Find("unarchive")!;
        var options = new OptionValues(new Dictionary<string, Gateway.Playbooks.Expressions.Value>(StringComparer.Ordinal)
        {
            ["dest"] = "/etc/site",
            ["extra_opts"] = Gateway.Playbooks.Expressions.ListValue.Of(["--to-command=sh"]),
        });
        Assert.Contains("extra_opts", Guard.Refusal(module, options, Context, new Playbooks.Modules.FakeHost(), []), StringComparison.Ordinal);
    }

    private static LocalPolicy Policy { get; } = new(null, ["/etc/site", "/srv/*/conf"], ["true", "/opt/site/*"]);

    private static ModuleContext Context { get; } = new(false, false, 0, default, [], new Gateway.Playbooks.Expressions.Templar(), new Nothing());

    private PolicyGuard Guard => new(Policy, new HostPaths(root.FullName));

    private string At(string path) => Path.Combine(root.FullName, path);

    private string Tree() => string.Join('\n', Directory.GetFileSystemEntries(root.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {(new FileInfo(path).LinkTarget is null ? File.GetUnixFileMode(path) : UnixFileMode.None)}"));

    private static Playbook Parse(string play, string? folder = null)
    {
        var options = folder is null ? ParseOptions.Unsigned : ParseOptions.Unsigned with { Files = new Gateway.Core.State.SourceFolder(folder, isSealed: true) };
        var text = $"- hosts: all\n  gather_facts: false\n{play}";
        var parsed = PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText("p.yml", Encoding.UTF8.GetBytes(text))), options);
        Assert.True(parsed.IsSuccess, string.Join('\n', parsed.Failures));
        return parsed.Value;
    }

    private sealed class Nothing : Gateway.Playbooks.Expressions.IVariables
    {
        public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Gateway.Playbooks.Expressions.Value value)
        {
            value = null;
            return false;
        }
    }
}

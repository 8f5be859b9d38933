using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Parsing;

namespace Gateway.UnitTests.Playbooks.Parsing;

/// <summary>Playbooks that are refused (<c>cases/refusals.txt</c>): each with every failure, its place and how its message begins.</summary>
public sealed class PlaybookRefusalTests
{
    private static readonly Dictionary<string, (string Text, List<string> Refusals)> Cases = Read();

    public static TheoryData<string> Names { get; } = [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_wrong_is_refused_with_its_place(string name)
    {
        var (text, refusals) = Cases[name];
        var parsed = Parse(text, name.StartsWith("signed:", StringComparison.Ordinal));
        var said = parsed.Failures.Select(failure => $"{failure.Subject.Replace("p.yml:", "", StringComparison.Ordinal)} {failure.Message}").ToList();
        Assert.True(said.Count == refusals.Count, string.Join('\n', said));
        Assert.All(said.Zip(refusals), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
        Assert.All(parsed.Failures, failure => Assert.Equal(Phase.Parse, failure.Phase));
        Assert.All(parsed.Failures, failure => Assert.DoesNotContain('\n', failure.ToString()));
    }

    [Theory]
    [InlineData("- hosts: all\n  tasks:\n    - debug: {msg: x}\n      notify: A\n  handlers:\n    - name: A\n      debug: {msg: x}\n")]
    [InlineData("- hosts: all\n  tasks:\n    - debug: {msg: x}\n      notify: [t, u]\n  handlers:\n    - name: A\n      debug: {msg: x}\n      listen: [t, u]\n")]
    [InlineData("- hosts: all\n  tasks:\n    - debug: {msg: x}\n      notify: Restart a\n  handlers:\n    - name: Restart {{ what }}\n      debug: {msg: x}\n")]
    [InlineData("- hosts: all\n  tasks:\n    - debug: {msg: x}\n      notify: '{{ who }}'\n")]
    public void Handlers_that_are_there_or_may_be_are_not_refused(string text) => Assert.Empty(Parse(text, signed: false).Failures);

    [Fact]
    public void A_module_that_the_gateway_does_not_allow_is_found_wherever_it_stands()
    {
        var playbook = Parse(
            "- hosts: all\n  tasks:\n    - block:\n        - debug: {msg: x}\n      rescue:\n        - ansible.builtin.shell: reboot\n  handlers:\n    - name: H\n      command: x\n", signed: false).Value;
        var refused = ModulePolicy.Judge(playbook, ["debug"]);
        Assert.Equal(
            ["p.yml:6:11: module 'ansible.builtin.shell' is not in allowed_modules of this gateway", "p.yml:8:7: module 'command' is not in allowed_modules of this gateway"],
            refused.Select(failure => failure.ToString()));
        Assert.All(refused, failure => Assert.Equal(Phase.Policy, failure.Phase));
        Assert.Empty(ModulePolicy.Judge(playbook, ["debug", "ansible.builtin.shell", "command"]));
        Assert.Empty(ModulePolicy.Judge(playbook, null));
    }

    private static Result<Playbook> Parse(string text, bool signed) => PlaybookParser.Parse(
        SignatureVerifier.Waive(new SourceText("p.yml", Encoding.UTF8.GetBytes(text))), signed ? ParseOptions.Signed : ParseOptions.Unsigned);

    private static Dictionary<string, (string Text, List<string> Refusals)> Read()
    {
        var cases = new Dictionary<string, (string, List<string>)>(StringComparer.Ordinal);
        var all = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Playbooks", "Parsing", "cases", "refusals.txt"));
        foreach (var one in all.Split("=== ", StringSplitOptions.RemoveEmptyEntries))
        {
            var end = one.IndexOf('\n', StringComparison.Ordinal);
            var expected = one.IndexOf("\n--- ", StringComparison.Ordinal);
            var refusals = one[(expected + 1)..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line["--- ".Length..]).ToList();
            cases.Add(one[..end], (one[(end + 1)..(expected + 1)], refusals));
        }

        return cases;
    }
}

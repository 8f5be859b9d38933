using System.Text;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Parsing;

namespace Gateway.UnitTests.Playbooks.Parsing;

public sealed class PlaybookRefusalTests
{
    [Theory]
    [InlineData("- atp: {name: x}", "p.yml:5:7", "no module or keyword 'atp'; did you mean 'apt'?")]
    [InlineData("- apt: {nam: x}", "p.yml:5:13", "no argument 'nam'; did you mean 'name'?")]
    [InlineData("- apt: {name: x, state: installed}", "p.yml:5:22", "value of state must be one of: absent, latest, present, got: installed")]
    [InlineData("- include_tasks: x.yml", "p.yml:5:7", "a playbook stands alone")]
    [InlineData("- copy: {src: f, dest: /f}", "p.yml:5:7", "a lone signed playbook does not have")]
    [InlineData("- container_supervisor: {image: 'r/s:1'}", "p.yml:5:7", "needs a digest")]
    [InlineData("- ping:\n      become_user: pi", "p.yml:6:20", "can only be root")]
    [InlineData("- file: {state: absent}", "p.yml:5:7", "missing required arguments: path")]
    public void What_is_not_supported_is_refused_with_its_place(string task, string place, string message)
    {
        var text = $"- hosts: all\n  vars:\n    release: {{serial: 1, expires: 2030-01-01T00:00:00Z, targets: [all]}}\n  tasks:\n    {task}\n";
        var parsed = PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText("p.yml", Encoding.UTF8.GetBytes(text))), ParseOptions.Signed);
        var failure = Assert.Single(parsed.Failures);
        Assert.Equal(place, failure.Subject);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signed_playbook_needs_a_release_block()
    {
        var parsed = PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText("p.yml", "- hosts: all\n"u8.ToArray())), ParseOptions.Signed);
        Assert.Contains("release", Assert.Single(parsed.Failures).Message, StringComparison.Ordinal);
    }
}

using System.Text;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>Bad playbooks: the right exit status, one clear line, nothing of them runs, the last good one stays in force.</summary>
public sealed class RefusalTests
{
    private static async Task<GatewayUnderTest> WithSerialFiveAsync()
    {
        var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(5, "good"));
        await gateway.CycleAsync(0);
        File.Delete(gateway.At("target/file"));
        return gateway;
    }

    [Theory]
    [InlineData(4, "bad", "all", "2099-01-01T00:00:00Z", 3, "replayed")]
    [InlineData(5, "bad", "all", "2099-01-01T00:00:00Z", 3, "conflicting")]
    [InlineData(6, "bad", "all", "2020-01-01T00:00:00Z", 3, "expired")]
    [InlineData(6, "bad", "'gateway:other'", "2099-01-01T00:00:00Z", 3, "is for gateway:other")]
    [InlineData(0, "bad", "all", "2099-01-01T00:00:00Z", 4, "'serial'")]
    [InlineData(6, "bad", "everybody", "2099-01-01T00:00:00Z", 4, "target")]
    public async Task A_release_that_may_not_be_taken_is_refused(long serial, string content, string targets, string expires, int status, string why)
    {
        await using var gateway = await WithSerialFiveAsync();
        await gateway.PublishAsync(Play.Playbook(serial, content, targets, expires));
        Assert.Contains(why, await gateway.CycleAsync(status), StringComparison.Ordinal);
        Assert.Equal("good", gateway.Target);
        using var told = await gateway.StatusAsync();
        var stream = Assert.Single(told.RootElement.GetProperty("playbooks").EnumerateArray());
        Assert.Equal(5, stream.GetProperty("serial").GetInt64());
        Assert.Contains(why, stream.GetProperty("refused").GetProperty("reason").GetString(), StringComparison.Ordinal);

        // Once something good is published the refusal is history.
        await gateway.PublishAsync(Play.Playbook(6, "newer"));
        await gateway.CycleAsync(0);
        Assert.Equal("newer", gateway.Target);
        using var later = await gateway.StatusAsync();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, later.RootElement.GetProperty("playbooks")[0].GetProperty("refused").ValueKind);
    }

    [Theory]
    [InlineData("- hosts: all\n  tasks: [", "pb.yml:")]
    [InlineData("- hosts: all\n  gather_facts: false\n  vars: {release: {serial: 9, expires: 2099-01-01T00:00:00Z, targets: [all]}}\n  tasks:\n    - copi: {dest: /target/file, content: bad}\n", "pb.yml:5:")]
    [InlineData("- hosts: all\n  gather_facts: false\n  tasks:\n    - copy: {dest: /target/file, content: bad}\n", "release")]
    [InlineData("", "empty")]
    public async Task A_playbook_that_does_not_parse_is_refused_whole_with_its_place(string text, string why)
    {
        await using var gateway = await WithSerialFiveAsync();
        await gateway.PublishAsync(text);
        Assert.Contains(why, await gateway.CycleAsync(4), StringComparison.Ordinal);
        Assert.Equal("good", gateway.Target);
    }

    [Fact]
    public async Task A_tampered_playbook_is_refused()
    {
        await using var gateway = await WithSerialFiveAsync();
        var signed = Play.Playbook(6, "bad");
        await gateway.PublishAsync(signed);
        gateway.Server.Put("pb.yml", signed.Replace("bad", "BAD", StringComparison.Ordinal));
        await gateway.CycleAsync(3);
        Assert.Equal("good", gateway.Target);
    }

    [Fact]
    public async Task A_key_that_is_not_trusted_is_refused()
    {
        await using var gateway = await WithSerialFiveAsync();
        var stranger = await gateway.Operator.MakeKeyAsync("stranger@example.com");
        await gateway.PublishAsync(Play.Playbook(6, "bad"), key: stranger);
        await gateway.CycleAsync(3);
        Assert.Equal("good", gateway.Target);
    }

    [Fact]
    public async Task A_module_outside_allowed_modules_is_refused_and_does_not_move_the_mark()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync("allowed_modules: [debug]");
        await gateway.PublishAsync(Play.Playbook(9, "bad"));
        Assert.Contains("allowed_modules", await gateway.CycleAsync(3), StringComparison.Ordinal);
        Assert.Null(gateway.Target);
        await gateway.ConfigureAsync("allowed_modules: [debug, ansible.builtin.copy]");
        await gateway.PublishAsync(Play.Playbook(8, "good"));
        await gateway.CycleAsync(0);
        Assert.Equal("good", gateway.Target);
    }

    [Fact]
    public async Task A_failed_task_is_told_by_the_exit_status_and_kept_in_the_report()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "x").Replace("/target/file", "/nowhere/at/all/file", StringComparison.Ordinal));
        var log = await gateway.CycleAsync(2);
        Assert.Contains("pb.yml:", log, StringComparison.Ordinal);
        var report = Assert.Single(Directory.GetFiles(gateway.At("var/lib/gateway/host-controller/reports")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(report));
        using var read = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(report));
        Assert.Equal(2, read.RootElement.GetProperty("status").GetInt32());
        Assert.Equal("failed", read.RootElement.GetProperty("documents")[0].GetProperty("tasks")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_playbook_larger_than_allowed_does_not_parse()
    {
        await using var gateway = await WithSerialFiveAsync();
        await gateway.PublishAsync(Play.Playbook(6, "bad") + "# " + new string('x', 1024 * 1024));
        await gateway.CycleAsync(4);
        gateway.Server.Put("pb.yml", Encoding.UTF8.GetBytes(Play.Playbook(7, "bad"))).Put("pb.yml.asc", new string('x', 17 * 1024));
        await gateway.CycleAsync(3);
        Assert.Equal("good", gateway.Target);
    }
}

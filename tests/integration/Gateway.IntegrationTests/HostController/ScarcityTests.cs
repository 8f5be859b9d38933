using System.Collections.Immutable;
using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>Whatever a cycle lacks, it fails in order and says why, what is in force stays, and the next one works.</summary>
public sealed class ScarcityTests
{
    [Theory]
    [InlineData("no room", "No space left on device")]
    [InlineData("no inodes", "No space left on device")]
    [InlineData("read-only", "Read-only file system")]
    public async Task A_state_that_cannot_be_written_holds_the_next_release_up_and_no_more(string lack, string says)
    {
        await using var gateway = await Play.CreateAsync();
        var disk = gateway.At("var/lib/gateway");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=2m,nr_inodes=200", "gateway-test", disk);
        try
        {
            await gateway.PublishAsync(Play.Playbook(1, "one"));
            await gateway.CycleAsync(0);
            File.Delete(gateway.At("target/file"));
            await TakeAsync(lack, disk);
            await gateway.PublishAsync(Play.Playbook(2, "two"));

            var outcome = await gateway.RunAsync("run");

            Assert.NotEqual(0, outcome.ExitCode);
            Assert.Contains(says, outcome.StandardError, StringComparison.Ordinal);
            Assert.DoesNotContain("please report this", outcome.StandardError, StringComparison.Ordinal);
            Assert.NotEqual("two", gateway.Target);
            Assert.Equal(0, (await gateway.RunAsync("status")).ExitCode);

            await GiveBackAsync(disk);
            await gateway.CycleAsync(0);
            Assert.Equal("two", gateway.Target);
            Assert.DoesNotContain("damaged", (await gateway.RunAsync("doctor", "--self")).StandardOutput, StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync("umount", "-l", disk);
        }
    }

    [Fact]
    public async Task A_full_run_folder_keeps_nobody_from_the_lock()
    {
        await using var gateway = await AcceptedAsync();
        var disk = gateway.At("run/gateway");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "gateway-test", disk);
        try
        {
            await TakeAsync("no room", disk);
            await NextWorksAsync(gateway);
        }
        finally
        {
            await RunAsync("umount", "-l", disk);
        }
    }

    [Fact]
    public async Task Without_any_network_the_cycle_ends_at_once_and_says_so()
    {
        await using var gateway = await AcceptedAsync();
        var request = gateway.Request("run");

        // In a namespace of its own there is not even a loopback that is up.
        var outcome = await ProcessRunner.RunAsync(request with { Program = "unshare", Arguments = ["--net", request.Program, .. request.Arguments] }, CancellationToken.None);

        Assert.Equal(5, outcome.ExitCode);
        Assert.Contains("stays in force", outcome.StandardError, StringComparison.Ordinal);
        Assert.Equal("one", gateway.Target);
        await NextWorksAsync(gateway);
    }

    [Fact]
    public async Task Without_name_resolution_the_cycle_says_so()
    {
        await using var gateway = await AcceptedAsync();
        var file = gateway.At("etc/gateway/host-controller.yaml");
        var settings = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, settings.Replace("127.0.0.1", "updates.gateway.invalid", StringComparison.Ordinal));

        Assert.Contains("updates.gateway.invalid", await gateway.CycleAsync(5), StringComparison.Ordinal);

        Assert.Equal("one", gateway.Target);
        await File.WriteAllTextAsync(file, settings);
        await NextWorksAsync(gateway);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("slow")]
    [InlineData("reset")]
    [InlineData("portal")]
    [InlineData("endless")]
    public async Task A_download_that_does_not_come_to_its_end_is_given_up_in_time_and_the_next_works(string how)
    {
        await using var gateway = await AcceptedAsync();
        await PatienceAsync(gateway, "20", "4");
        gateway.Server.Fail("pb.yml", how switch
        {
            "truncated" => new HttpFault.Truncate(40),
            "slow" => new HttpFault.Slow(1),
            "reset" => new HttpFault.Reset(),
            "portal" => new HttpFault.CaptivePortal(),
            _ => new HttpFault.Endless(),
        });
        await gateway.PublishAsync(Play.Playbook(2, "two"));

        var outcome = await gateway.RunAsync("run");

        Assert.True(outcome.ExitCode is 4 or 5, $"{outcome.ExitCode}\n{outcome.StandardError}");
        Assert.Equal("one", gateway.Target);
        gateway.Server.Heal();
        await PatienceAsync(gateway, "4", "20");
        await gateway.CycleAsync(0);
        Assert.Equal("two", gateway.Target);
    }

    private static async Task PatienceAsync(GatewayUnderTest gateway, string from, string to)
    {
        var file = gateway.At("etc/gateway/host-controller.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace($"fetch_timeout: {from}", $"fetch_timeout: {to}", StringComparison.Ordinal));
    }

    private static async Task<GatewayUnderTest> AcceptedAsync()
    {
        var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        await gateway.CycleAsync(0);
        return gateway;
    }

    private static async Task NextWorksAsync(GatewayUnderTest gateway)
    {
        await gateway.PublishAsync(Play.Playbook(2, "two"));
        await gateway.CycleAsync(0);
        Assert.Equal("two", gateway.Target);
    }

    private static async Task TakeAsync(string lack, string disk)
    {
        switch (lack)
        {
            case "no room":
                await ProcessRunner.RunAsync(new ProcessRequest("dd", ["if=/dev/zero", $"of={disk}/filler", "bs=4k"]), CancellationToken.None);
                break;
            case "no inodes":
                Directory.CreateDirectory(Path.Combine(disk, "many"));
                await ProcessRunner.RunAsync(new ProcessRequest("sh", ["-c", $"i=0; while : >{disk}/many/$i; do i=$((i + 1)); done 2>/dev/null"]), CancellationToken.None);
                break;
            default:
                await RunAsync("mount", "-o", "remount,ro", disk);
                break;
        }
    }

    private static async Task GiveBackAsync(string disk)
    {
        await RunAsync("mount", "-o", "remount,rw", disk);
        File.Delete(Path.Combine(disk, "filler"));
        if (Directory.Exists(Path.Combine(disk, "many")))
        {
            Directory.Delete(Path.Combine(disk, "many"), recursive: true);
        }
    }

    private static async Task RunAsync(string program, params ImmutableArray<string> line)
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest(program, line), CancellationToken.None);
        Assert.True(outcome.IsSuccess, outcome.StandardError);
    }
}

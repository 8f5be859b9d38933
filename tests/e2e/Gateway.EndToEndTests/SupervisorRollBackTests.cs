using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.EndToEndTests.Machines;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.EndToEndTests;

/// <summary>Supervisors that must not stay: the one before serves again, the reason is told, and the release is not tried again.</summary>
[Collection("gateway")]
public sealed class SupervisorRollBackTests(RunningGateway gateway)
{
    private const string Forever = "trap 'exit 0' TERM; while :; do sleep 0.2; done";

    [Theory]
    [InlineData("crashes at once", "exit 3", "true", "probation")]
    [InlineData("never healthy", Forever, "false", "healthy")]
    [InlineData("hangs", Forever, "sleep 1000", "healthy")]
    [InlineData("healthy, then sick", Forever, "test ! -e /seen4 && { test ! -e /seen3 || touch /seen4; test ! -e /seen2 || touch /seen3; test ! -e /seen || touch /seen2; touch /seen; }", "healthy")]
    public async Task One_that_does_not_prove_itself_is_rolled_back(string story, string command, string health, string says)
    {
        await using var machine = await gateway.MachineAsync();
        var before = await SupervisorAsync(machine);
        var bad = await gateway.Site.PushAsync("gateway/container-supervisor:bad", new TestImage
        {
            Command = ["sh", "-c", command],
            Labels = TestImage.Labelled(("story", story)),
            Healthcheck = TestImage.Check(health, interval: 2, retries: 2),
        });
        // A probation that is longer than any of them takes to fall sick, however slow the machine.
        await gateway.PublishAsync(gateway.Tasks(RunningGateway.SupervisorTask(bad, probation: 120).Replace("health_timeout: 300", "health_timeout: 45", StringComparison.Ordinal)));

        await machine.UntilAsync("a roll-back", TimeSpan.FromMinutes(10), "grep -q 'rolled back to' /var/lib/gateway/host-controller/supervisor/record.json && grep -q '\"phase\": \"Idle\"' /var/lib/gateway/host-controller/supervisor/record.json");
        await RunningGateway.RunsAsync(machine);

        Assert.Equal(before, await SupervisorAsync(machine));
        gateway.Times.Add($"supervisor: {story}", await SecondsAsync(machine, before));
        var status = await machine.ShellAsync("host-controller status");
        Assert.Contains("rolled back to", status, StringComparison.Ordinal);
        Assert.Contains(says, status, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("rolled back", await machine.ShellAsync("cat /var/lib/gateway/host-controller/reports/*"), StringComparison.Ordinal);

        // The next cycles leave it alone.
        await machine.UntilAsync("a refusal", TimeSpan.FromMinutes(4), "journalctl -u gateway-host-controller | grep -q 'failed before and is not tried again'");
        Assert.Equal(before, await SupervisorAsync(machine));
    }

    [Fact]
    public async Task One_that_is_not_there_touches_nothing()
    {
        await using var machine = await gateway.MachineAsync();
        var before = await SupervisorAsync(machine);
        var missing = gateway.Supervisor.Split('@')[0] + "@sha256:" + new string('0', 64);
        await gateway.PublishAsync(gateway.Tasks(RunningGateway.SupervisorTask(missing)));

        await machine.UntilAsync("the reason in status", TimeSpan.FromMinutes(6), $"host-controller status | grep -q '{new string('0', 64)}'");

        Assert.Equal(before, await SupervisorAsync(machine));
    }

    [Fact]
    public async Task One_without_a_program_touches_nothing()
    {
        await using var machine = await gateway.MachineAsync();
        var before = await SupervisorAsync(machine);
        var bad = await gateway.Site.PushAsync("gateway/container-supervisor:bad", new TestImage { Command = ["/no/such/program"], Labels = TestImage.Labelled(("story", "no program")) });
        await gateway.PublishAsync(gateway.Tasks(RunningGateway.SupervisorTask(bad)));

        await machine.UntilAsync("the reason in status", TimeSpan.FromMinutes(6), "host-controller status | grep -q '/no/such/program'");

        Assert.Equal(before, await SupervisorAsync(machine));
        await RunningGateway.RunsAsync(machine);
    }

    /// <summary>Id and start of the supervisor's container, which a roll-back brings back as it was.</summary>
    private static Task<string> SupervisorAsync(Machine machine) => machine.ShellAsync("docker inspect --format '{{.Id}}' container-supervisor");

    /// <summary>From the verdict in the journal to the first health check the old one passed.</summary>
    private static async Task<double> SecondsAsync(Machine machine, string id)
    {
        var failed = await machine.ShellAsync("journalctl -u gateway-host-controller -o short-unix | grep -E 'supervisor .*(Start|Probation) failed' | head -n 1 | cut -d' ' -f1");
        var state = JsonNode.Parse(await machine.ShellAsync($"docker inspect --format '{{{{json .State}}}}' {id}"))!;
        var started = DateTimeOffset.Parse($"{state["StartedAt"]}", CultureInfo.InvariantCulture);
        // The engine keeps the last checks over a restart.
        var healthy = state["Health"]!["Log"]!.AsArray()
            .Where(check => (int)check!["ExitCode"]! == 0)
            .Select(check => DateTimeOffset.Parse($"{check!["End"]}", CultureInfo.InvariantCulture))
            .Where(end => end > started)
            .Min();
        return (healthy - DateTimeOffset.UnixEpoch).TotalSeconds - double.Parse(failed, CultureInfo.InvariantCulture);
    }
}

using Gateway.IntegrationTests.Fixtures;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>The connectivity rows of the Flex4Grid thesis's Table 8, for the host controller; the container supervisor has its own.</summary>
public sealed class Table8Tests
{
    private const string EverySecond = "schedule: '* * * * * ?'\nstart_delay: 0\njitter: 0";

    /// <summary>"… was not available in the first place": normal operation as soon as access is obtained.</summary>
    [Fact]
    public async Task No_Internet_access_in_the_first_place()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(EverySecond);
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        gateway.Server.Fail("*", new HttpFault.Reset());
        using var daemon = gateway.StartDaemon();
        await gateway.UntilAsync(() => gateway.Log.Contains("cycle ended with status 5", StringComparison.Ordinal), "a cycle has failed for want of a network", 120);
        Assert.Null(gateway.Target);

        gateway.Server.Heal();

        await gateway.UntilAsync(() => gateway.Target == "one", "the playbook is applied", 120);
        Assert.Equal(0, await Play.TerminateAsync(daemon));
    }

    /// <summary>"Internet connection is lost during runtime": operation goes on, and what was published meanwhile comes when it is back.</summary>
    [Fact]
    public async Task No_Internet_access_since_it_was_lost_during_runtime()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(EverySecond);
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        using var daemon = gateway.StartDaemon();
        await gateway.UntilAsync(() => gateway.Target == "one", "the first playbook is applied", 60);

        gateway.Server.Fail("*", new HttpFault.Reset());
        await gateway.PublishAsync(Play.Playbook(2, "two"));
        await gateway.UntilAsync(() => gateway.Log.Contains("cycle ended with status 5", StringComparison.Ordinal), "a cycle has failed", 120);
        // What is in force is kept up all the same.
        File.Delete(gateway.At("target/file"));
        await gateway.UntilAsync(() => gateway.Target == "one", "drift is repaired without a network", 120);

        gateway.Server.Heal();
        await gateway.UntilAsync(() => gateway.Target == "two", "the second playbook is applied", 120);
        Assert.Equal(0, await Play.TerminateAsync(daemon));
    }

    /// <summary>"A single cloud service … is unreachable": here the key server; the others are used as ever.</summary>
    [Fact]
    public async Task No_access_to_any_single_cloud_service_key_server()
    {
        await using var gateway = await Play.CreateAsync();
        // One that is about to expire is asked for.
        var key = await gateway.Operator.MakeKeyAsync("soon@example.com", expires: "7d");
        await File.WriteAllBytesAsync(gateway.At("etc/gateway/trusted.d/operator.gpg"), await gateway.Operator.ExportAsync(key));
        await gateway.ConfigureAsync($"key_server: '{gateway.Server.Url("keys/")}{{fingerprint}}.asc'");
        gateway.Server.Fail($"keys/{key}.asc", new HttpFault.Hang());
        await gateway.PublishAsync(Play.Playbook(1, "one"), key: key);

        await gateway.CycleAsync(0);

        Assert.Contains(gateway.Server.Requests, request => request.Path == $"/keys/{key}.asc");
        Assert.Equal("one", gateway.Target);
    }
}

using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>An application of fifty services: first start, nothing to do, one change, one removal, all gone.</summary>
[Collection("second sandbox")]
public sealed class ScaleTests(SandboxFixture fixture)
{
    private const int Services = 50;
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Of_fifty_services_only_what_changed_is_touched()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("fifty", new TestImage());
        await gateway.ApplyAsync(Text(image));
        var first = await StartsAsync(gateway);
        Assert.Equal(Enumerable.Range(0, Services).Select(Name).Order(StringComparer.Ordinal), first.Keys.Order(StringComparer.Ordinal));

        // The same under a new serial: not one is touched.
        await gateway.ApplyAsync(Text(image));
        Assert.Equal(first, await StartsAsync(gateway));

        await gateway.ApplyAsync(Text(image, changed: 17));
        var changed = await StartsAsync(gateway);
        Assert.Equal([Name(17)], first.Keys.Where(name => changed[name] != first[name]));
        Assert.Contains("NOTE=changed", (await gateway.ContainerAsync(Name(17))).Config.Env);

        await gateway.ApplyAsync(Text(image, changed: 17, without: 30));
        var removed = await StartsAsync(gateway);
        Assert.False(removed.ContainsKey(Name(30)));
        Assert.Equal(changed.Where(pair => pair.Key != Name(30)).ToDictionary(), removed);

        // A second start of the supervisor changes nothing either.
        await gateway.RestartAsync();
        await gateway.Supervisor.StatusAsync(status => (DateTimeOffset?)status["supervisor"]?["started"] >= gateway.Supervisor.Started && (string?)status["desired"]?["gateway"]?["state"] == "applied");
        Assert.Equal(removed, await StartsAsync(gateway));

        await gateway.ApplyAsync("  {}");
        await gateway.Supervisor.EventuallyAsync(() => gateway.ContainersAsync("fifty").Result.Count == 0);
        Assert.Empty((await sandbox.Docker.Networks.ListAsync(["io.gateway.application"])).Value);
    }

    private static string Name(int service) => $"fifty-s{service:00}";

    /// <summary>Every tenth needs the one before it.</summary>
    private static string Text(string image, int? changed = null, int? without = null) => "  fifty:\n    services:\n" + string.Join('\n', Enumerable.Range(0, Services).Where(i => i != without).Select(i =>
        $"      s{i:00}: {{image: \"{image}\", stop_signal: SIGKILL{(i % 10 == 5 ? $", depends_on: [s{i - 1:00}]" : "")}{(i == changed ? ", environment: {NOTE: changed}" : "")} }}"));

    /// <summary>Name → id and time of start: neither changes as long as a container is left alone.</summary>
    private static async Task<Dictionary<string, string>> StartsAsync(SupervisedGateway gateway)
    {
        var starts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in (await gateway.ContainersAsync("fifty")).Keys)
        {
            var container = await gateway.ContainerAsync(name);
            Assert.True(container.State.Running, $"{name} is {container.State.Status}");
            starts[name] = $"{container.Id} {container.State.StartedAt:O}";
        }

        return starts;
    }
}

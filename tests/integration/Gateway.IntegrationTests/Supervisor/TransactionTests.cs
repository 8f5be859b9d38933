using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>An update of an application is a transaction: prepared whole, switched, and finished or undone.</summary>
[Collection("second sandbox")]
public sealed class TransactionTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task No_container_is_touched_before_every_image_is_there()
    {
        using var server = sandbox.StartHttpServer();
        var (late, _, layer) = new FaultyRegistry(server).Put("late", new TestImage { Healthcheck = TestImage.Check("true"), Files = new TestImage().Files.Add("data/late", [1, 2, 3]) });
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var (old, young) = (await PushAsync("whole", "old"), await PushAsync("whole", "young"));
        await gateway.ApplyAsync(Two(old, old));
        var before = await gateway.ContainersAsync("whole");

        server.Fail(layer, new HttpFault.Hang());
        await gateway.DesireAsync(Two(young, late));
        await gateway.Supervisor.EventuallyAsync(() => server.Requests.Any(request => request.Path == layer) && sandbox.Docker.Images.InspectAsync(young).Result.IsSuccess);
        await Task.Delay(2000);
        Assert.Equal(before.OrderBy(pair => pair.Key), (await gateway.ContainersAsync("whole")).OrderBy(pair => pair.Key));
        Assert.All(before, container => Assert.True(gateway.Runs(container.Key, container.Value)));

        server.Heal();
        await gateway.AppliedAsync();
        Assert.All(await gateway.ContainersAsync("whole"), container => Assert.NotEqual(before[container.Key], container.Value));
    }

    [Fact]
    public async Task A_release_that_failed_is_remembered_over_a_restart_and_not_tried_until_another_is_published()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var good = await PushAsync("remembered", "good");
        var bad = await sandbox.PushTestImageAsync("remembered", new TestImage { Command = ["sh", "-c", "echo the valve is stuck; exec sleep infinity"], Healthcheck = TestImage.Check("false") });
        await gateway.ApplyAsync(Two(good, good));
        var before = await gateway.ContainersAsync("whole");
        await gateway.DesireAsync(Two(good, bad));
        var status = await gateway.StateAsync("whole", "rolled-back");
        var reason = SupervisedGateway.ReasonOf(status, "whole");
        Assert.Contains("the valve is stuck", reason, StringComparison.Ordinal);
        await gateway.Supervisor.EventuallyAsync(() => before.All(container => gateway.Runs(container.Key, container.Value)) && gateway.ContainersAsync("whole").Result.Count == 2);

        // Neither a crash nor the same document under a new serial makes it try again.
        await gateway.RestartAsync(kill: true);
        var log = gateway.Supervisor.Log.Length;
        await gateway.DesireAsync(Two(good, bad));
        status = await gateway.Supervisor.StatusAsync(now => (DateTimeOffset?)now["supervisor"]?["started"] >= gateway.Supervisor.Started && (int?)now["desired"]?["gateway"]?["serial"] == gateway.Serial && (string?)now["applications"]?["whole"]?["state"] == "rolled-back");
        await Task.Delay(2000);
        Assert.Equal(reason, SupervisedGateway.ReasonOf(status, "whole"));
        Assert.DoesNotContain("create container", gateway.Supervisor.Log[log..], StringComparison.Ordinal);
        Assert.Equal(before.OrderBy(pair => pair.Key), (await gateway.ContainersAsync("whole")).OrderBy(pair => pair.Key));

        await gateway.ApplyAsync(Two(good, await PushAsync("remembered", "better")));
    }

    [Theory]
    [InlineData("start-first", true)]
    [InlineData("stop-first", false)]
    public async Task With_start_first_somebody_serves_all_the_time(string order, bool always)
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        // Half a second until it is ready makes the gap of stop-first wide enough to be seen.
        TestImage Server(string name) => new()
        {
            Command = ["sh", "-c", $"sleep 0.5; mkdir -p /www; echo {name} >/www/index.html; exec httpd -f -p 8080 -h /www"],
            Healthcheck = TestImage.Check("wget -qO- http://127.0.0.1:8080/", interval: 0.5, retries: 20),
            StopSignal = "SIGKILL",
        };
        var (old, young) = (await sandbox.PushTestImageAsync("serving", Server("old")), await sandbox.PushTestImageAsync("serving", Server("young")));
        await gateway.ApplyAsync(Web(old, order));

        using var ending = new CancellationTokenSource();
        var watching = LeastHealthyAsync(ending.Token);
        await gateway.ApplyAsync(Web(young, order));
        await gateway.Supervisor.EventuallyAsync(() => gateway.ContainersAsync("serving").Result.Count == 1);
        await ending.CancelAsync();

        Assert.Equal(always, await watching > 0);
        Assert.Equal("young", await sandbox.Raw.ExecAsync("serving-web", "wget", "-qO-", "http://127.0.0.1:8080/"));
    }

    [Fact]
    public async Task Who_depends_on_a_service_that_was_replaced_is_restarted_after_it_where_it_says_so()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var (old, young) = (await PushAsync("needs", "old"), await PushAsync("needs", "young"));
        string Text(string image) => $$"""
              needs:
                services:
                  base: {image: "{{image}}", stop_signal: SIGKILL}
                  follows: {image: "{{old}}", stop_signal: SIGKILL, depends_on: {base: {condition: service_healthy, restart: true} } }
                  stays: {image: "{{old}}", stop_signal: SIGKILL, depends_on: [base]}
            """;
        await gateway.ApplyAsync(Text(old));
        var (follows, stays) = (await gateway.ContainerAsync("needs-follows"), await gateway.ContainerAsync("needs-stays"));

        await gateway.ApplyAsync(Text(young));

        var now = await gateway.ContainerAsync("needs-follows");
        Assert.Equal(follows.Id, now.Id);
        Assert.True(now.State.StartedAt > (await gateway.ContainerAsync("needs-base")).State.StartedAt);
        Assert.Equal((stays.Id, stays.State.StartedAt), ((await gateway.ContainerAsync("needs-stays")).Id, (await gateway.ContainerAsync("needs-stays")).State.StartedAt));

        // So it is when a person restarts it.
        var reply = await gateway.AskAsync("restart", "\"application\":\"needs\",\"service\":\"base\"");
        Assert.Equal("restarted 2 container(s)", (string?)reply["message"]);
        Assert.True((await gateway.ContainerAsync("needs-follows")).State.StartedAt > (await gateway.ContainerAsync("needs-base")).State.StartedAt);
        Assert.Equal(stays.State.StartedAt, (await gateway.ContainerAsync("needs-stays")).State.StartedAt);
    }

    [Fact]
    public async Task The_current_and_the_previous_image_are_kept_and_older_ones_go()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var images = new List<string>();
        foreach (var version in new[] { "one", "two", "three" })
        {
            images.Add(await PushAsync("kept", version));
            await gateway.ApplyAsync(Two(images[^1], images[^1]));
        }

        await gateway.Supervisor.EventuallyAsync(() => !sandbox.Docker.Images.InspectAsync(images[0]).Result.IsSuccess);
        Assert.True((await sandbox.Docker.Images.InspectAsync(images[1])).IsSuccess);
        Assert.True((await sandbox.Docker.Images.InspectAsync(images[2])).IsSuccess);
    }

    /// <summary>The fewest healthy containers of the service that were seen at any moment.</summary>
    private async Task<int> LeastHealthyAsync(CancellationToken ending)
    {
        var least = int.MaxValue;
        while (!ending.IsCancellationRequested)
        {
            var seen = await sandbox.Docker.Containers.ListAsync(["io.gateway.service=web"], cancel: CancellationToken.None);
            least = Math.Min(least, seen.Value.Count(container => container.Status.EndsWith("(healthy)", StringComparison.Ordinal)));
            await Task.Delay(20, CancellationToken.None);
        }

        return least;
    }

    private Task<string> PushAsync(string name, string note) =>
        sandbox.PushTestImageAsync(name, new TestImage { Healthcheck = TestImage.Check("true"), Environment = [$"NOTE={note}"] });

    private static string Two(string one, string two) => $$"""
          whole:
            services:
              one: {image: "{{one}}", stop_signal: SIGKILL}
              two: {image: "{{two}}", stop_signal: SIGKILL, depends_on: [one]}
        """;

    private static string Web(string image, string order) => $"  serving: {{services: {{web: {{image: \"{image}\", deploy: {{update_config: {{order: {order}}} }} }} }} }}";
}

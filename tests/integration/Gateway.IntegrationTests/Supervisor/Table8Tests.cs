using System.Diagnostics;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The rows "Container Supervisor" of the Flex4Grid thesis's table 8, stability, under their names.</summary>
[Collection("sandbox")]
public sealed class Table8Tests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    /// <summary>The image as shipped, run as the host controller runs it. That this starts it when Docker cannot is a test of the host controller.</summary>
    [Fact]
    public async Task Container_supervisor_crashes()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, started: false);
        await using var supervisor = await ShippedSupervisor.StartAsync(sandbox, gateway.Supervisor);
        var image = await PushAsync("t8crash");
        await gateway.ApplyAsync(App(image, "first"));
        var first = await gateway.ContainerAsync("t8-one");

        await supervisor.CrashAsync();
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.Last("presence") == "offline");
        await supervisor.EventuallyRunsAsync(restarts: 1);
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.Last("presence") == "online");

        // What ran was not touched, and it goes on with its work.
        var after = await gateway.ContainerAsync("t8-one");
        Assert.Equal((first.Id, first.State.StartedAt), (after.Id, after.State.StartedAt));
        await gateway.ApplyAsync(App(image, "second"));
        Assert.Contains("NOTE=second", (await gateway.ContainerAsync("t8-one")).Config.Env);

        // So it does when it crashes in the middle of an update.
        await gateway.DesireAsync(App(image, "third"));
        await gateway.Supervisor.EventuallyAsync(() => gateway.IsThere("t8-one.previous"));
        await supervisor.CrashAsync();
        await gateway.AppliedAsync();
        Assert.Equal(["t8-one"], (await gateway.ContainersAsync("t8")).Keys);
        Assert.Contains("NOTE=third", (await gateway.ContainerAsync("t8-one")).Config.Env);
    }

    /// <summary>The loop that follows the engine's events ends when its connection is cut, the one to the broker when the broker ends it.</summary>
    [Fact]
    public async Task Subcomponent_of_the_container_supervisor_crashes()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, started: false);
        var socket = Path.Combine(gateway.Supervisor.Folder, "engine.sock");
        var relay = SocketRelay.Start(socket, sandbox.DockerSocket);
        try
        {
            await gateway.Supervisor.ConfigureAsync(null, dockerSocket: socket);
            gateway.Supervisor.Start();
            await gateway.ApplyAsync(App(await PushAsync("t8part"), "first"));
            var id = await gateway.IdAsync("t8-one");

            await relay.DisposeAsync();
            await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.Log.Contains("events ended; it is started again", StringComparison.Ordinal));
            relay = SocketRelay.Start(socket, sandbox.DockerSocket);
            await gateway.Supervisor.StatusAsync(status => status["errors"]!.AsArray().Count == 0);
            Assert.Null(gateway.Supervisor.ExitCodeIfEnded);

            // The new loop does the work of the old one: what happens is noticed long before the next look of its own accord (a minute).
            await Task.Delay(1500);
            var clock = Stopwatch.StartNew();
            await sandbox.Raw.PostAsync($"containers/{id}/stop?t=0");
            await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("t8-one", id));
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
        }
        finally
        {
            await relay.DisposeAsync();
        }
    }

    [Fact]
    public async Task No_Internet_access_in_the_first_place()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var (old, young) = (await PushAsync("t8first"), await PushAsync("t8first", "young"));
        await gateway.ApplyAsync(App(old, "kept"));
        await gateway.Supervisor.StopAsync(kill: true);
        Assert.True((await sandbox.Docker.Containers.RemoveAsync("t8-one", force: true)).IsSuccess);
        await sandbox.SetNetworkAsync(up: false);
        try
        {
            // Without any network it brings up what was in force last, and is well.
            gateway.Supervisor.Start();
            await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("t8-one"));
            await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.RunAsync("health").Result.ExitCode == 0);
        }
        finally
        {
            await sandbox.SetNetworkAsync(up: true);
        }

        // Normal operation as soon as there is one.
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.Last("presence") == "online");
        await gateway.ApplyAsync(App(young, "next"));
    }

    [Fact]
    public async Task No_Internet_access_since_it_was_lost_during_runtime()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var (old, young) = (await PushAsync("t8lost"), await PushAsync("t8lost", "young"));
        await gateway.ApplyAsync(App(old, "before"));
        var id = await gateway.IdAsync("t8-one");
        await sandbox.SetNetworkAsync(up: false);
        try
        {
            // System operation continues normally: what stops is started again, and the status on site tells of the broker.
            await sandbox.Raw.PostAsync($"containers/{id}/stop?t=0");
            await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("t8-one", id));
            await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.RunAsync("status").Result.StandardOutput.Contains("\"broker\"", StringComparison.Ordinal));
        }
        finally
        {
            await sandbox.SetNetworkAsync(up: true);
        }

        await gateway.ApplyAsync(App(young, "after"));
        var status = await gateway.Supervisor.StatusAsync(status => status["errors"]!.AsArray().Count == 0);
        Assert.Equal("running", (string?)status["applications"]!["t8"]!["state"]);
    }

    [Fact]
    public async Task No_access_to_any_single_cloud_service_registry()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var (old, young) = (await PushAsync("t8registry"), await PushAsync("t8registry", "young"));
        await gateway.ApplyAsync(App(old, "before"));
        var id = await gateway.IdAsync("t8-one");
        await sandbox.KillRegistryAsync();
        try
        {
            await gateway.DesireAsync(App(young, "after"));
            await gateway.ReasonAsync("t8", "connection refused");
            Assert.True(gateway.Runs("t8-one", id));
            await sandbox.Raw.PostAsync($"containers/{id}/stop?t=0");
            await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("t8-one", id));
        }
        finally
        {
            await sandbox.StartRegistryAsync();
        }

        await gateway.AppliedAsync();
        Assert.Equal(young, (await gateway.ContainerAsync("t8-one")).Config.Image);
    }

    [Fact]
    public async Task No_access_to_any_single_cloud_service_broker()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var (old, young) = (await PushAsync("t8broker"), await PushAsync("t8broker", "young"));
        await gateway.ApplyAsync(App(old, "before"));
        var id = await gateway.IdAsync("t8-one");
        await sandbox.KillBrokerAsync();
        try
        {
            await sandbox.Raw.PostAsync($"containers/{id}/stop?t=0");
            await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("t8-one", id));
            await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.RunAsync("health").Result.ExitCode == 0);
        }
        finally
        {
            await sandbox.StartBrokerAsync();
        }

        var presences = gateway.Supervisor.CountOf("presence");
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.CountOf("presence") > presences);
        await gateway.ApplyAsync(App(young, "after"));
    }

    [Fact]
    public async Task No_access_to_any_single_cloud_service_ongoing_downloads_are_resumed()
    {
        using var server = sandbox.StartHttpServer();
        var random = new byte[4_000_000];
        new Random(8).NextBytes(random);
        var (reference, _, layer) = new FaultyRegistry(server).Put("t8resumed", new TestImage { Healthcheck = TestImage.Check("true"), Files = new TestImage().Files.Add("data/random", random) });
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        // The registry goes away three times in the middle of the layer.
        server.Fail(layer, new HttpFault.Truncate(1_500_000), times: 2);

        await gateway.ApplyAsync(App(reference, "resumed"));

        var asked = server.Requests.Where(request => request.Path == layer && request.Method == "GET").ToList();
        Assert.True(asked.Count >= 2, $"{asked.Count} requests");
        Assert.Contains(asked, request => request.Headers.TryGetValue("Range", out var range) && range != "bytes=0-");
    }

    private Task<string> PushAsync(string name, string note = "") =>
        sandbox.PushTestImageAsync(name, new TestImage { Healthcheck = TestImage.Check("true"), Environment = [$"IMAGE={note}"] });

    private static string App(string image, string note) => $$"""
          t8:
            services:
              one: {image: "{{image}}", stop_signal: SIGKILL, environment: {NOTE: "{{note}}"} }
        """;
}

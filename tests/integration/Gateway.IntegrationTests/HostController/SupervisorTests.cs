using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.HostController;
using Gateway.HostController.Configuration;
using Gateway.HostController.Supervisor;
using Gateway.IntegrationTests.Fixtures;
using Gateway.Playbooks.Modules;
using Serilog;

namespace Gateway.IntegrationTests.HostController;

/// <summary>The supervisor's container on a real engine: installed by digest, left alone, swapped, and put back.</summary>
[Collection("third sandbox")]
public sealed class SupervisorTests(SandboxFixture fixture) : IAsyncLifetime
{
    private readonly string name = $"supervisor-{Guid.NewGuid().ToString("N")[..6]}";
    private readonly string root = Directory.CreateTempSubdirectory("gateway-supervisor-").FullName;

    private Sandbox Sandbox => fixture.Sandbox;

    private static TestImage Image(string health, string version) => new()
    {
        Command = ["sh", "-c", "echo started; trap 'exit 0' TERM; while :; do sleep 0.1; done"],
        Labels = TestImage.Labelled(("version", version)),
        Healthcheck = TestImage.Check(health),
    };

    private SupervisorUpdater Updater()
    {
        // Under the root as under /: the socket's folder is mounted, so it must lie where the configuration says.
        var socket = Path.Combine(root, "run", "docker.sock");
        Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        if (!File.Exists(socket))
        {
            File.CreateSymbolicLink(socket, Sandbox.DockerSocket);
        }

        var settings = SupervisorSettings.Default with { Name = name };
        var configuration = new HostConfiguration { Identity = new GatewayIdentity("gw", []), Supervisor = settings };
        return new SupervisorUpdater(new HostPaths(root), configuration, TimeProvider.System, new LoggerConfiguration().CreateLogger());
    }

    private static UpdateSupervisor Wanted(string image) => new(image, TimeSpan.FromSeconds(20)) { Probation = TimeSpan.FromSeconds(3) };

    private async Task<string> IdAsync() => (await Sandbox.Docker.Containers.InspectAsync(name)).Value.Id;

    [Fact]
    public async Task It_is_started_from_its_digest_and_then_left_alone()
    {
        var image = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        var updater = Updater();
        Assert.Null((await updater.ReadAsync(Wanted(image), default)).Value);
        var told = await updater.UpdateAsync(Wanted(image), _ => { }, default);
        Assert.True(told.IsSuccess, string.Join("; ", told.Failures));
        var id = await IdAsync();
        var seen = (await updater.ReadAsync(Wanted(image), default)).Value!;
        Assert.Equal(new SupervisorState(image, true, true, "healthy"), seen);
        Assert.True((await updater.UpdateAsync(Wanted(image), _ => { }, default)).IsSuccess);
        Assert.Equal(id, await IdAsync());
        Assert.Equal("always", (await Sandbox.Docker.Containers.InspectAsync(name)).Value.HostConfig.RestartPolicy.Name);
    }

    [Fact]
    public async Task A_new_one_that_is_not_well_is_taken_away_and_the_same_old_container_put_back()
    {
        var updater = Updater();
        var good = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        Assert.True((await updater.UpdateAsync(Wanted(good), _ => { }, default)).IsSuccess);
        var id = await IdAsync();
        var bad = await Sandbox.PushTestImageAsync(name, Image("echo broken; exit 1", "2"));
        var told = await updater.UpdateAsync(Wanted(bad), _ => { }, default);
        Assert.False(told.IsSuccess);
        Assert.Contains("rolled back", told.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("broken", told.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("last lines: started", told.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(id, await IdAsync());
        Assert.True((await Sandbox.Docker.Containers.InspectAsync(name)).Value.State.Running);
        Assert.Equal("always", (await Sandbox.Docker.Containers.InspectAsync(name)).Value.HostConfig.RestartPolicy.Name);
        Assert.False((await Sandbox.Docker.Containers.InspectAsync($"{name}-previous")).IsSuccess);
    }

    [Fact]
    public async Task A_good_new_one_takes_the_place_and_the_old_one_goes()
    {
        var updater = Updater();
        var first = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        var second = await Sandbox.PushTestImageAsync(name, Image("true", "2"));
        Assert.True((await updater.UpdateAsync(Wanted(first), _ => { }, default)).IsSuccess);
        var told = await updater.UpdateAsync(Wanted(second), _ => { }, default);
        Assert.True(told.IsSuccess, string.Join("; ", told.Failures));
        Assert.Contains("updated from", told.Value, StringComparison.Ordinal);
        Assert.Equal(second, (await Sandbox.Docker.Containers.InspectAsync(name)).Value.Config.Image);
        Assert.Equal(FailureKind.NotFound, (await Sandbox.Docker.Containers.InspectAsync($"{name}-previous")).Failure.Kind);
    }

    [Fact]
    public async Task An_image_that_cannot_be_executed_or_had_touches_nothing()
    {
        var updater = Updater();
        var good = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        Assert.True((await updater.UpdateAsync(Wanted(good), _ => { }, default)).IsSuccess);
        var before = (await Sandbox.Docker.Containers.InspectAsync(name)).Value;
        var broken = await Sandbox.PushTestImageAsync(name, new TestImage { Entrypoint = ["/no/such/program"], Command = [] });
        Assert.False((await updater.UpdateAsync(Wanted(broken), _ => { }, default)).IsSuccess);
        Assert.False((await updater.UpdateAsync(Wanted(good[..^4] + "0000"), _ => { }, default)).IsSuccess);
        var after = (await Sandbox.Docker.Containers.InspectAsync(name)).Value;
        Assert.Equal((before.Id, before.State.StartedAt), (after.Id, after.State.StartedAt));
    }

    [Fact]
    public async Task A_registry_that_gives_another_image_for_the_digest_touches_nothing_and_is_asked_again_next_time()
    {
        var updater = Updater();
        var good = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        Assert.True((await updater.UpdateAsync(Wanted(good), _ => { }, default)).IsSuccess);
        var id = await IdAsync();
        using var server = Sandbox.StartHttpServer();
        var (wanted, path, _) = new FaultyRegistry(server).Put("forged", Image("true", "2"));
        var forged = PackedImage.Of(Image("true", "theirs")).Manifest;
        server.Put(path, forged, PackedImage.ManifestType);
        var told = await updater.UpdateAsync(Wanted(wanted), _ => { }, default);
        Assert.Contains("digest", told.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(id, await IdAsync());
        Assert.True((await Sandbox.Docker.Containers.InspectAsync(name)).Value.State.Running);
        // Remembered for whoever asks, and not for good: whoever stands between us and the registry cannot make us refuse a release.
        var failed = Assert.Single(new SupervisorStore(Path.Combine(root, "var/lib/gateway/host-controller/supervisor")).Load().Value.Failed);
        Assert.Equal((wanted, false), (failed.Image, failed.Final));
        Assert.Contains("digest", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("digest", (await updater.UpdateAsync(Wanted(wanted), _ => { }, default)).Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_gets_sick_on_probation_is_rolled_back_remembered_and_not_tried_again()
    {
        var updater = Updater();
        var good = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        Assert.True((await updater.UpdateAsync(Wanted(good), _ => { }, default)).IsSuccess);
        var id = await IdAsync();
        var bad = await Sandbox.PushTestImageAsync(name, Image("test -e /seen && exit 1; touch /seen", "2"));
        var wanted = Wanted(bad) with { Probation = TimeSpan.FromSeconds(30) };
        var told = await updater.UpdateAsync(wanted, _ => { }, default);
        Assert.Contains("did not stay so", told.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(id, await IdAsync());
        var again = await updater.UpdateAsync(wanted, _ => { }, default);
        Assert.Contains("failed before", again.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(id, await IdAsync());
    }

    [Theory]
    [InlineData(nameof(UpdatePhase.SetAside))]
    [InlineData(nameof(UpdatePhase.PutInPlace))]
    [InlineData(nameof(UpdatePhase.Probation))]
    [InlineData(nameof(UpdatePhase.CleanUp))]
    public async Task An_update_cut_off_at_any_step_goes_on_by_itself(string phase)
    {
        var cut = Enum.Parse<UpdatePhase>(phase);
        var updater = Updater();
        var first = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        var second = await Sandbox.PushTestImageAsync(name, Image("true", "2"));
        Assert.True((await updater.UpdateAsync(Wanted(first), _ => { }, default)).IsSuccess);
        var store = new SupervisorStore(Path.Combine(root, "var/lib/gateway/host-controller/supervisor"));
        using var power = new CancellationTokenSource();
        var before = store.Load().Value;
        var updating = updater.UpdateAsync(Wanted(second), _ => { }, power.Token);
        while (store.Load().Value is { } record && record.Phase < cut && record.Current == before.Current)
        {
            await Task.Delay(5);
        }

        await power.CancelAsync();
        await updating.ContinueWith(_ => { }, TaskScheduler.Default);
        var told = await Updater().ResumeAsync(default);
        Assert.True(told.IsSuccess, string.Join("; ", told.Failures));
        Assert.Equal(UpdatePhase.Idle, store.Load().Value.Phase);
        Assert.Equal(second, (await Sandbox.Docker.Containers.InspectAsync(name)).Value.Config.Image);
        Assert.Equal(FailureKind.NotFound, (await Sandbox.Docker.Containers.InspectAsync($"{name}-previous")).Failure.Kind);
    }

    [Fact]
    public async Task By_hand_it_goes_back_to_the_one_before_and_stays_there()
    {
        var updater = Updater();
        var first = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        var second = await Sandbox.PushTestImageAsync(name, Image("true", "2"));
        Assert.True((await updater.UpdateAsync(Wanted(first), _ => { }, default)).IsSuccess);
        Assert.True((await updater.UpdateAsync(Wanted(second), _ => { }, default)).IsSuccess);
        var told = await updater.GoBackAsync("asked for by hand", _ => { }, default);
        Assert.True(told.IsSuccess, string.Join("; ", told.Failures));
        Assert.Equal(first, (await Sandbox.Docker.Containers.InspectAsync(name)).Value.Config.Image);
        Assert.Contains("by hand", (await updater.UpdateAsync(Wanted(second), _ => { }, default)).Failure.Message, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var container in ImmutableArray.Create(name, $"{name}-previous", $"{name}-candidate", $"{name}-smoke"))
        {
            await Sandbox.Docker.Containers.RemoveAsync(container, force: true, volumes: true);
        }

        Directory.Delete(root, true);
    }
}

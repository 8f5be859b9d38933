using System.Collections.Immutable;
using Gateway.Core.Engine;
using Gateway.Core.Processes;
using Gateway.Core.Releases;
using Gateway.HostController;
using Gateway.HostController.Configuration;
using Gateway.HostController.Failsafe;
using Gateway.HostController.Supervisor;
using Gateway.IntegrationTests.Fixtures;
using Gateway.Playbooks.Modules;
using Serilog;

namespace Gateway.IntegrationTests.HostController;

/// <summary>The failsafe check on a real engine, without any registry: whatever was done to the supervisor, it comes back.</summary>
[Collection("third sandbox")]
public sealed class FailsafeTests(SandboxFixture fixture) : IAsyncLifetime
{
    private readonly string name = $"failsafe-{Guid.NewGuid().ToString("N")[..6]}";
    private readonly string root = Directory.CreateTempSubdirectory("gateway-failsafe-").FullName;
    private HostConfiguration configuration = null!;

    private DockerClient Docker => fixture.Sandbox.Docker;

    private HostPaths Paths => new(root);

    private string Memory => StatePaths.Failsafe(Paths, configuration);

    [Theory]
    [InlineData("stop", nameof(Remedy.StartSupervisor))]
    [InlineData("kill", nameof(Remedy.StartSupervisor))]
    [InlineData("pause", nameof(Remedy.UnpauseSupervisor))]
    [InlineData("remove", nameof(Remedy.RecreateSupervisor))]
    [InlineData("other image", nameof(Remedy.RecreateSupervisor))]
    [InlineData("set aside", nameof(Remedy.BringBack))]
    [InlineData("storage gone", nameof(Remedy.RestoreSupervisor))]
    public async Task Whatever_was_done_to_it_the_supervisor_runs_again_after_one_check(string harm, string remedy)
    {
        var image = await InstallAsync("1");
        var id = (await Docker.Containers.InspectAsync(name)).Value.Id;
        await HarmAsync(harm, id);

        await CheckAsync();

        var after = (await Docker.Containers.InspectAsync(name)).Value;
        Assert.True(after.State is { Running: true, Paused: false }, $"{after.State.Status}");
        Assert.Equal(image.ImageId, after.Image);
        var deed = Assert.Single(FailsafeMemory.Load(Memory).Deeds, deed => deed.Concern == Concern.Supervisor);
        Assert.Equal(remedy, $"{deed.Remedy}");
        Assert.True(deed.Worked, deed.Text);
    }

    [Fact]
    public async Task One_that_stays_sick_ends_with_the_release_before()
    {
        var first = await InstallAsync("1");
        // Sick as soon as somebody says so in the folder that both can see.
        await InstallAsync("2", "test ! -e /run/gateway/sick-2");
        await File.WriteAllTextAsync(Path.Combine(root, "run/gateway/sick-2"), "");
        await UnhealthyAsync();

        foreach (var attempts in Enumerable.Range(0, 4))
        {
            await UnhealthyAsync();
            var memory = FailsafeMemory.Empty;
            for (var i = 0; i < attempts; i++)
            {
                memory = memory.With(Deed());
            }

            memory.Save(Memory);
            await CheckAsync();
        }

        var after = (await Docker.Containers.InspectAsync(name)).Value;
        Assert.Equal(first.ImageId, after.Image);
        Assert.True(after.State.Running);
        var record = new SupervisorStore(StatePaths.Supervisor(Paths, configuration)).Load().Value;
        Assert.Contains("unhealthy", Assert.Single(record.Failed).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("set aside")]
    public async Task With_a_record_that_a_newer_version_wrote_a_supervisor_is_started_all_the_same(string harm)
    {
        await InstallAsync("1");
        var id = (await Docker.Containers.InspectAsync(name)).Value.Id;
        var record = Path.Combine(StatePaths.Supervisor(Paths, configuration), "record.json");
        await File.WriteAllTextAsync(record, "{\"schema\":99}");
        await HarmAsync(harm, id);
        await CheckAsync();
        var after = (await Docker.Containers.InspectAsync(name)).Value;
        Assert.Equal(id, after.Id);
        Assert.True(after.State.Running);
        Assert.Equal("{\"schema\":99}", await File.ReadAllTextAsync(record));
    }

    [Fact]
    public async Task An_image_that_was_deleted_under_a_running_supervisor_comes_back_from_the_archive()
    {
        var image = await InstallAsync("1");
        await Docker.Images.RemoveAsync(image.ImageId, force: true);
        await CheckAsync();
        Assert.True((await Docker.Images.InspectAsync(image.ImageId)).IsSuccess);
        Assert.True((await Docker.Containers.InspectAsync(name)).Value.State.Running);
    }

    [Fact]
    public async Task An_archive_of_an_older_release_is_taken_for_what_it_is()
    {
        var folder = StatePaths.Supervisor(Paths, configuration);
        var images = new List<SupervisorRelease> { await InstallAsync("1") };
        var copies = Directory.GetFiles(folder, "last-good.json").Concat(Directory.GetFiles(folder, "*.tar.gz")).ToDictionary(file => file, File.ReadAllBytes);
        images.Add(await InstallAsync("2"));
        images.Add(await InstallAsync("3"));
        // As when there was no room for a copy of either.
        foreach (var (file, content) in copies)
        {
            await File.WriteAllBytesAsync(file, content);
        }

        await Docker.Containers.RemoveAsync(name, force: true);
        foreach (var image in images)
        {
            await Docker.Images.RemoveAsync(image.ImageId, force: true);
        }

        await CheckAsync();

        var after = (await Docker.Containers.InspectAsync(name)).Value;
        Assert.True(after.State.Running);
        Assert.Equal(images[0].ImageId, after.Image);
        Assert.Equal(images[0], new SupervisorStore(folder).Load().Value.Current);
        // So the next playbook brings the one that it names.
        Assert.Equal(images[2].ImageId, (await InstallAsync("3")).ImageId);
    }

    [Fact]
    public async Task A_container_that_the_engine_cannot_tell_of_is_made_anew_and_the_engine_left_alone()
    {
        await InstallAsync("1");
        var before = (await Docker.Containers.InspectAsync(name)).Value.Id;
        var socket = Path.Combine(root, "run", "docker.sock");
        File.Delete(socket);
        await using var relay = SocketRelay.Start(socket, fixture.Sandbox.DockerSocket, failing: $"/containers/{name}/json");
        using var reader = new FactReader(Paths, TimeProvider.System);
        var watch = new FailsafeWatch(Paths, () => configuration, TimeProvider.System, Serilog.Core.Logger.None);

        await watch.CheckAsync(reader, default);
        Assert.Equal(before, (await Docker.Containers.InspectAsync(name)).Value.Id);
        await watch.CheckAsync(reader, default);

        var after = (await Docker.Containers.InspectAsync(name)).Value;
        Assert.NotEqual(before, after.Id);
        Assert.True(after.State.Running);
        Assert.DoesNotContain(FailsafeMemory.Load(Memory).Deeds, deed => deed.Concern == Concern.Engine);
    }

    private static FailsafeDeed Deed() => new(DateTimeOffset.UtcNow, Concern.Supervisor, "", Remedy.RestartSupervisor, true, "");

    private async Task UnhealthyAsync()
    {
        for (var i = 0; i < 100; i++)
        {
            var state = (await Docker.Containers.InspectAsync(name)).Value.State;
            if (state.Health?.Status == "unhealthy")
            {
                return;
            }

            await Task.Delay(300);
        }
    }

    private async Task HarmAsync(string harm, string id)
    {
        switch (harm)
        {
            case "stop":
                await Docker.Containers.StopAsync(id, TimeSpan.Zero);
                break;
            case "kill":
                await Docker.Containers.UpdateRestartPolicyAsync(id, new RestartPolicySpec { Name = "no" });
                await Docker.Containers.KillAsync(id);
                break;
            case "pause":
                await ProcessRunner.RunAsync(new ProcessRequest("docker", ["--host", $"unix://{fixture.Sandbox.DockerSocket}", "pause", id]), default);
                break;
            case "remove":
                await Docker.Containers.RemoveAsync(id, force: true);
                break;
            case "set aside":
                var containers = new SupervisorEngine(Docker, name);
                await containers.StopAsync(id);
                await containers.RenameAsync(id, $"{name}-previous", default);
                break;
            case "other image":
                await Docker.Containers.RemoveAsync(id, force: true);
                var other = await fixture.Sandbox.PushTestImageAsync($"{name}-other", Image("other", "true"));
                await Docker.Containers.CreateAsync(name, new ContainerSpec { Image = other });
                await Docker.Containers.StartAsync(name);
                break;
            default:
                var image = (await Docker.Containers.InspectAsync(id)).Value.Image;
                await Docker.Containers.RemoveAsync(id, force: true);
                await Docker.Images.RemoveAsync(image, force: true);
                Assert.False((await Docker.Images.InspectAsync(image)).IsSuccess);
                break;
        }
    }

    private async Task<SupervisorRelease> InstallAsync(string version, string health = "true")
    {
        var image = await fixture.Sandbox.PushTestImageAsync(name, Image(version, health));
        var updater = new SupervisorUpdater(Paths, configuration, TimeProvider.System, Serilog.Core.Logger.None);
        var told = await updater.UpdateAsync(new UpdateSupervisor(image, TimeSpan.FromSeconds(30)) { Probation = TimeSpan.FromSeconds(1) }, _ => { }, default);
        Assert.True(told.IsSuccess, string.Join("; ", told.Failures));
        return new SupervisorStore(StatePaths.Supervisor(Paths, configuration)).Load().Value.Current!;
    }

    private TestImage Image(string version, string health) => new()
    {
        Command = ["sh", "-c", "echo started; trap 'exit 0' TERM; while :; do sleep 0.1; done"],
        Labels = TestImage.Labelled(("version", $"{name} {version}")),
        Healthcheck = TestImage.Check(health),
    };

    private async Task CheckAsync()
    {
        using var reader = new FactReader(Paths, TimeProvider.System);
        await new FailsafeWatch(Paths, () => configuration, TimeProvider.System, new LoggerConfiguration().CreateLogger()).CheckAsync(reader, default);
    }

    public Task InitializeAsync()
    {
        var socket = Path.Combine(root, "run", "docker.sock");
        Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        File.CreateSymbolicLink(socket, fixture.Sandbox.DockerSocket);
        configuration = new HostConfiguration { Identity = new GatewayIdentity("gw", []), Supervisor = SupervisorSettings.Default with { Name = name } };
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var container in ImmutableArray.Create(name, $"{name}-previous", $"{name}-candidate", $"{name}-smoke"))
        {
            await Docker.Containers.RemoveAsync(container, force: true, volumes: true);
        }

        Directory.Delete(root, true);
    }
}

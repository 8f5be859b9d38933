using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Where images come from: registries that want a log-in, archives, and disks that are too small.</summary>
[Collection("sandbox")]
public sealed class ImageSourceTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task A_registry_that_wants_a_log_in_gets_it_from_the_file_and_nobody_else_sees_it()
    {
        using var server = sandbox.StartHttpServer();
        var (reference, _, _) = new FaultyRegistry(server).Put("secret", new TestImage { Labels = TestImage.Labelled(("v", "secret")) });
        server.Protect("/v2/", "Basic realm=\"test\"", "Basic " + Convert.ToBase64String("ann:hunter2"u8));
        await using var supervisor = new RunningSupervisor(sandbox, "gw-login");
        var credentials = Path.Combine(supervisor.Folder, "registries.json");
        await supervisor.ConfigureAsync(null, $"require_signature: false\nregistry_credentials: {credentials}");
        var file = await WriteAsync(supervisor, "secret", reference);

        await File.WriteAllTextAsync(credentials, $$"""{"auths": {"127.0.0.1:{{server.Port}}": {"username": "ann", "password": "hunter2"} } }""");
        File.SetUnixFileMode(credentials, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var applied = await supervisor.RunAsync("--verbose", "apply", file, "--unsigned");

        Assert.True(applied.ExitCode == 0, applied.StandardOutput + applied.StandardError);
        Assert.True((await sandbox.Docker.Containers.InspectAsync("secret-one")).Value.State.Running);
        Assert.DoesNotContain("hunter2", applied.StandardOutput + applied.StandardError, StringComparison.Ordinal);
        // The supervisor itself asked for the manifest before the engine pulled it.
        Assert.Contains(server.Requests, seen => seen.Path.Contains("/blobs/", StringComparison.Ordinal) && seen.Status == 200);
    }

    [Fact]
    public async Task An_image_loaded_from_an_archive_is_run_by_its_id_without_any_registry()
    {
        var image = new TestImage { Labels = TestImage.Labelled(("v", "loaded")) };
        using var archive = new MemoryStream(image.Archive("medium/loaded:1"));
        Assert.True((await sandbox.Docker.Images.LoadAsync(archive)).IsSuccess);
        await using var supervisor = new RunningSupervisor(sandbox, "gw-loaded");
        await supervisor.ConfigureAsync(null, "require_signature: false");
        var file = await WriteAsync(supervisor, "loaded", $"127.0.0.1:9/medium/loaded:1@{image.Id()}");

        var applied = await supervisor.RunAsync("apply", file, "--unsigned");

        Assert.True(applied.ExitCode == 0, applied.StandardOutput + applied.StandardError);
        Assert.Equal(image.Id(), (await sandbox.Docker.Containers.InspectAsync("loaded-one")).Value.Image);
        Assert.Contains("loaded: nothing to do", (await supervisor.RunAsync("apply", file, "--unsigned", "--check")).StandardOutput, StringComparison.Ordinal);
    }

    private static async Task<string> WriteAsync(RunningSupervisor supervisor, string application, string image)
    {
        var file = Path.Combine(supervisor.Folder, "desired.yaml");
        await File.WriteAllTextAsync(file, $"applications:\n  {application}:\n    services:\n      one: {{image: \"{image}\", init: true}}\n");
        return file;
    }
}

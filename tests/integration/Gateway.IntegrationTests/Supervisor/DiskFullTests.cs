using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>A disk too small for an image, with an engine of its own on it.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public async Task An_image_that_does_not_fit_is_not_pulled_and_what_runs_goes_on()
    {
        var disk = $"/tmp/gateway-disk-{Environment.ProcessId}";
        Directory.CreateDirectory(disk);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=96m", "gateway-test", disk);
        try
        {
            await using var sandbox = await Sandbox.StartAsync(Path.Combine(disk, "s"));
            await using var gateway = await SupervisedGateway.StartAsync(sandbox);
            var random = new byte[25_000_000];
            new Random(1).NextBytes(random);
            var small = await sandbox.PushTestImageAsync("small", new TestImage { Healthcheck = TestImage.Check("true") });
            var small2 = await sandbox.PushTestImageAsync("small", new TestImage { Healthcheck = TestImage.Check("true"), Environment = ["NOTE=next"] });
            // Its registry is elsewhere: that one's disk is not the gateway's.
            using var server = sandbox.StartHttpServer();
            var (large, manifest, layer) = new FaultyRegistry(server).Put("large", new TestImage { Healthcheck = TestImage.Check("true"), Files = new TestImage().Files.Add("data/random", random) });
            await gateway.ApplyAsync(App(small));
            var id = await gateway.IdAsync("full-one");

            await gateway.DesireAsync(App(large));
            var reason = await gateway.ReasonAsync("full", "not enough space");
            Assert.Contains("make room", reason, StringComparison.Ordinal);
            Assert.DoesNotContain(server.Requests, request => request.Path == layer);
            Assert.Contains(server.Requests, request => request.Path == manifest);
            Assert.True(gateway.Runs("full-one", id));

            // What fits is taken.
            await gateway.ApplyAsync(App(small2));
        }
        finally
        {
            await RunAsync("umount", "-l", disk);
            Directory.Delete(disk);
        }
    }

    private static string App(string image) => $"  full: {{services: {{one: {{image: \"{image}\", stop_signal: SIGKILL}} }} }}";

    private static async Task RunAsync(string program, params string[] line)
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest(program, [.. line]), CancellationToken.None);
        Assert.True(outcome.IsSuccess, outcome.StandardError);
    }
}

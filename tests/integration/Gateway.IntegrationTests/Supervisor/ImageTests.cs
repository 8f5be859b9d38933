using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The image that <c>make image</c> builds, in a real engine.</summary>
[Collection("sandbox")]
public sealed class ImageTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task The_image_starts_verifies_signatures_speaks_mqtt_and_is_healthy()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, started: false);
        await using var supervisor = await ShippedSupervisor.StartAsync(sandbox, gateway.Supervisor);

        var status = await gateway.ApplyAsync("  {}");

        Assert.Equal(supervisor.Reference, (string?)status["supervisor"]!["image"]);
        await gateway.Supervisor.EventuallyAsync(() => supervisor.HealthAsync().Result == "healthy");
    }
}

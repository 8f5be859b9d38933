using Gateway.Core.Engine;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Engine;

public sealed class ImageTests(SandboxFixture fixture) : EngineTests(fixture)
{
    [Fact]
    public async Task A_pull_by_digest_brings_that_image_and_tells_its_progress()
    {
        var image = new TestImage { Labels = TestImage.Labelled(("purpose", "pull")) };
        var reference = await Sandbox.PushTestImageAsync("pull", image);
        var progress = new List<PullProgress>();

        var pulled = Good(await Docker.Images.PullAsync(reference, progress: progress.Add));

        Assert.Equal(image.Id(), pulled.Id);
        Assert.Contains(reference, pulled.RepoDigests);
        Assert.Equal("pull", pulled.Config.Labels["purpose"]);
        Assert.Equal("linux", pulled.Os);
        Assert.Contains(progress, step => step.Status == "Pull complete" && step.Layer.Length > 0);
        Assert.Contains(progress, step => step.Status.StartsWith("Digest: sha256:", StringComparison.Ordinal));
    }
}

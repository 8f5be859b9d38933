using System.Text;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
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
        Assert.True(pulled.Size > 100_000);
        Assert.Contains(progress, step => step.Layer.Length > 0);
        Assert.Contains(progress, step => step.Status.StartsWith("Digest: sha256:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reference_with_tag_and_digest_is_pulled_and_found_by_its_digest()
    {
        var reference = await Sandbox.PushTestImageAsync("both:1.0", new TestImage { Labels = TestImage.Labelled(("v", "1")) });
        await Sandbox.PushTestImageAsync("both:1.0", new TestImage { Labels = TestImage.Labelled(("v", "2")) });
        var both = reference.Replace("@", ":1.0@", StringComparison.Ordinal);

        var pulled = Good(await Docker.Images.PullAsync(both));
        var found = Good(await Docker.Images.InspectAsync(both));

        Assert.Equal("1", pulled.Config.Labels["v"]);
        Assert.Equal(pulled.Id, found.Id);
    }

    [Fact]
    public async Task A_reference_without_tag_brings_latest_only()
    {
        await Sandbox.PushTestImageAsync("tags:old", new TestImage { Labels = TestImage.Labelled(("tag", "old")) });
        await Sandbox.PushTestImageAsync("tags:latest", new TestImage { Labels = TestImage.Labelled(("tag", "latest")) });

        var pulled = Good(await Docker.Images.PullAsync($"{Sandbox.RegistryAddress}/tags"));

        Assert.Equal("latest", pulled.Config.Labels["tag"]);
        Assert.Equal(FailureKind.NotFound, Bad(await Docker.Images.InspectAsync($"{Sandbox.RegistryAddress}/tags:old")).Kind);
    }

    [Fact]
    public async Task A_digest_the_registry_does_not_have_is_not_found()
    {
        await Sandbox.PushTestImageAsync("absent", new TestImage());

        var failure = Bad(await Docker.Images.PullAsync($"{Sandbox.RegistryAddress}/absent@sha256:{new string('a', 64)}"));

        Assert.Equal(FailureKind.NotFound, failure.Kind);
        Assert.False(failure.Retryable);
        Assert.Contains("manifest unknown", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_gives_other_bytes_than_the_digest_says_is_refused()
    {
        using var server = Sandbox.StartHttpServer();
        var registry = new FaultyRegistry(server);
        var (reference, manifestPath, _) = registry.Put("forged", new TestImage { Labels = TestImage.Labelled(("who", "us")) });
        server.Put(manifestPath, PackedImage.Of(new TestImage { Labels = TestImage.Labelled(("who", "them")) }).Manifest, PackedImage.ManifestType);

        var failure = Bad(await Docker.Images.PullAsync(reference));

        Assert.Contains("digest", failure.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.NotFound, Bad(await Docker.Images.InspectAsync(reference)).Kind);
    }

    [Fact]
    public async Task A_layer_with_other_bytes_fails_inside_the_stream_and_leaves_no_image()
    {
        using var server = Sandbox.StartHttpServer();
        var (reference, _, layerPath) = new FaultyRegistry(server).Put("rotten", WithFile("rotten"));
        server.Put(layerPath, new byte[5000]);

        var failure = Bad(await Docker.Images.PullAsync(reference));

        Assert.StartsWith("the Docker engine says: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.NotFound, Bad(await Docker.Images.InspectAsync(reference)).Kind);
    }

    [Fact]
    public async Task A_pull_that_stalls_ends_in_a_time_out_and_one_that_is_cancelled_throws_at_once()
    {
        using var server = Sandbox.StartHttpServer();
        var (reference, _, layerPath) = new FaultyRegistry(server).Put("slow", WithFile("slow"));
        server.Fail(layerPath, new HttpFault.Hang());
        using var impatient = new DockerClient(Sandbox.DockerSocket, new DockerClientOptions { StallTimeout = TimeSpan.FromSeconds(1) });

        var failure = Bad(await impatient.Images.PullAsync(reference));
        Assert.Equal(FailureKind.TimedOut, failure.Kind);
        Assert.True(failure.Retryable);

        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Docker.Images.PullAsync(reference, cancel: cancel.Token));

        // The engine itself goes on waiting for the registry (20.10), and a new pull of the layer waits with it: until the registry lets go.
        server.Heal();
        Good(await Docker.Images.PullAsync(reference));
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_a_failure_that_may_pass()
    {
        var failure = Bad(await Docker.Images.PullAsync($"127.0.0.1:9/none@sha256:{new string('b', 64)}"));

        Assert.Contains("refused", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Retryable);
    }

    [Fact]
    public async Task An_archive_is_loaded_tagged_saved_and_loaded_again()
    {
        var image = new TestImage { Labels = TestImage.Labelled(("purpose", "load")) };
        var name = NewName("load");
        using var archive = new MemoryStream(image.Archive($"{name}:1"));

        Assert.Equal([$"{name}:1"], Good(await Docker.Images.LoadAsync(archive)).References.AsEnumerable());
        Assert.Equal(image.Id(), Good(await Docker.Images.InspectAsync($"{name}:1")).Id);
        Assert.Empty(Good(await Docker.Images.InspectAsync($"{name}:1")).RepoDigests);

        Good(await Docker.Images.TagAsync($"{name}:1", name, "good"));
        using var saved = new MemoryStream();
        Assert.Equal(saved.Length, Good(await Docker.Images.SaveAsync([$"{name}:good"], saved)) - Good(await Docker.Images.SaveAsync([$"{name}:good"], Stream.Null)));

        var untagged = Good(await Docker.Images.RemoveAsync($"{name}:1"));
        Assert.Equal([$"{name}:1"], untagged.Untagged.AsEnumerable());
        Assert.Empty(untagged.Deleted);
        Assert.Contains(image.Id(), Good(await Docker.Images.RemoveAsync($"{name}:good")).Deleted);

        saved.Position = 0;
        Assert.Equal([$"{name}:good"], Good(await Docker.Images.LoadAsync(saved)).References.AsEnumerable());
        Good(await Docker.Images.RemoveAsync($"{name}:good"));
    }

    [Fact]
    public async Task A_broken_archive_is_a_failure_in_the_engines_words()
    {
        var whole = new TestImage { Files = WithFile("broken").Files }.Archive("broken:1");
        foreach (var broken in new[] { Encoding.ASCII.GetBytes("this is no archive"), whole[..(whole.Length / 2)], [] })
        {
            using var archive = new MemoryStream(broken);
            var failure = Bad(await Docker.Images.LoadAsync(archive));
            Assert.DoesNotContain("does not answer", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_image_in_use_is_a_conflict_and_pruning_leaves_it()
    {
        var reference = await PulledAsync("used", new TestImage { Labels = TestImage.Labelled(("purpose", "used")) });
        await RunAsync(reference);

        Assert.Equal(FailureKind.Conflict, Bad(await Docker.Images.RemoveAsync(reference)).Kind);
        Good(await Docker.Images.PruneDanglingAsync());
        Good(await Docker.Images.InspectAsync(reference));
    }

    [Fact]
    public async Task Pruning_takes_what_has_no_name_and_is_not_used()
    {
        var first = new TestImage { Labels = TestImage.Labelled(("v", "1")) };
        var name = NewName("prune");
        foreach (var image in new[] { first, new TestImage { Labels = TestImage.Labelled(("v", "2")) } })
        {
            using var archive = new MemoryStream(image.Archive($"{name}:latest"));
            Good(await Docker.Images.LoadAsync(archive));
        }

        Assert.Contains(Good(await Docker.Images.ListAsync(["v=1"], dangling: true)), image => image.Id == first.Id() && image.RepoTags.Count == 0);
        Assert.Contains(first.Id(), Good(await Docker.Images.PruneDanglingAsync()).Deleted);
        Assert.DoesNotContain(Good(await Docker.Images.ListAsync()), image => image.Id == first.Id());
    }

    [Theory]
    [InlineData("")]
    [InlineData("../containers")]
    [InlineData("a b")]
    [InlineData("x?force=1")]
    public async Task What_is_no_reference_is_refused_before_it_is_sent(string reference)
    {
        Assert.Equal(FailureKind.Refused, Bad(await Docker.Images.InspectAsync(reference)).Kind);
        Assert.Equal(FailureKind.Refused, Bad(await Docker.Images.PullAsync(reference)).Kind);
        Assert.Equal(FailureKind.Refused, Bad(await Docker.Images.RemoveAsync(reference)).Kind);
    }

    private static TestImage WithFile(string name) =>
        new() { Files = new TestImage().Files.Add($"data/{name}", [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7919 >> 3))]) };
}

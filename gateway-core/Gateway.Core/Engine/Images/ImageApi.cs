using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>Images: <c>/images</c>. An image is named by reference or id.</summary>
public sealed class ImageApi
{
    private readonly EngineConnection connection;

    internal ImageApi(EngineConnection connection) => this.connection = connection;

    /// <summary>All images but intermediate ones; <paramref name="labels"/> must all match; <paramref name="dangling"/>: only those without a tag.</summary>
    public async Task<Result<ImmutableArray<ImageSummary>>> ListAsync(ImmutableArray<string> labels = default, bool dangling = false, CancellationToken cancel = default)
    {
        var query = new Query().Filters(("label", labels), ("dangling", dangling ? ["true"] : []));
        var answer = await connection.ReadAsync(new EngineCall(HttpMethod.Get, $"/images/json{query}", "images"), EngineJson.Default.ImageSummaryArray, cancel);
        return answer.Then<ImmutableArray<ImageSummary>>(static list => ImmutableArray.Create(list));
    }

    /// <summary>Everything about one image; one that is not here is <see cref="FailureKind.NotFound"/>.</summary>
    public Task<Result<ImageDetails>> InspectAsync(string image, CancellationToken cancel = default)
    {
        // A reference with tag and digest is looked up by its digest; engines differ on what both together mean.
        var call = ImageName.Parse(image).Then(name => Call(HttpMethod.Get, name.Digest is null ? image : name.Canonical, "/json"));
        return connection.OfAsync(call, EngineJson.Default.ImageDetails, cancel);
    }

    /// <summary>
    /// Pulls an image and inspects it. Progress is told as it comes, on the thread that reads. An error in the stream, a silence longer than
    /// <see cref="DockerClientOptions.StallTimeout"/>, and an image whose digest is not the one asked for are failures. Cancelling ends the
    /// download; what was complete is kept by the engine and not downloaded again.
    /// </summary>
    public async Task<Result<ImageDetails>> PullAsync(string image, RegistryAuth? auth = null, Action<PullProgress>? progress = null, CancellationToken cancel = default)
    {
        if (!ImageName.Parse(image).TryGet(out var name, out var wrong))
        {
            return wrong;
        }

        var query = new Query().Add("fromImage", name.Repository).Add("tag", name.TagOrDigest);
        var call = new EngineCall(HttpMethod.Post, $"/images/create{query}", $"image {image}")
        {
            Timeout = connection.Options.StallTimeout,
            RegistryAuth = auth is null ? null : ImageStreams.Header(auth),
        };
        var pulled = await ImageStreams.FollowAsync(connection, call, line => progress?.Invoke(line.ToProgress()), cancel);
        if (!pulled.IsSuccess)
        {
            return pulled.Failures;
        }

        var found = await InspectAsync(name.Canonical, cancel);
        return found.Then(details => Matches(name, details, image));
    }

    /// <summary>Loads a docker archive (a tar, compressed or not). A broken archive is a failure; what of it was complete stays.</summary>
    public async Task<Result<LoadedImages>> LoadAsync(Stream archive, Action<PullProgress>? progress = null, CancellationToken cancel = default)
    {
        var loaded = ImmutableArray.CreateBuilder<string>();
        var call = new EngineCall(HttpMethod.Post, "/images/load?quiet=0", "image archive")
        {
            // The engine answers while it still reads, but may also answer only at the end: the upload's own stall time ends it.
            Timeout = Timeout.InfiniteTimeSpan,
            Body = () => ImageStreams.TarContent(archive, connection.Options.StallTimeout),
        };
        var followed = await ImageStreams.FollowAsync(
            connection,
            call,
            line =>
            {
                if (ImageStreams.LoadedReference(line) is { } reference)
                {
                    loaded.Add(reference);
                }
                else
                {
                    progress?.Invoke(line.ToProgress());
                }
            },
            cancel);
        return followed.Then<LoadedImages>(_ => loaded.Count > 0
            ? new LoadedImages(loaded.DrainToImmutable())
            : new Failure(Phase.Apply, call.Subject, "the archive holds no image"));
    }

    /// <summary>Writes images as a docker archive and gives its length in bytes; by name, so that the names are kept in it.</summary>
    public async Task<Result<long>> SaveAsync(ImmutableArray<string> images, Stream destination, CancellationToken cancel = default)
    {
        if (images.FirstOrDefault(image => !EngineNames.IsImage(image)) is { } bad)
        {
            return EngineNames.NotAnImage(Phase.Observe, bad);
        }

        var query = new Query();
        foreach (var image in images)
        {
            query.Add("names", image);
        }

        var call = new EngineCall(HttpMethod.Get, $"/images/get{query}", $"image {string.Join(", ", images)}") { Timeout = connection.Options.StallTimeout };
        var opened = await connection.OpenAsync(call, cancel);
        if (!opened.TryGet(out var stream, out var wrong))
        {
            return wrong;
        }

        using (stream)
        {
            return await ImageStreams.CopyAsync(stream, destination, connection.Options.StallTimeout, cancel);
        }
    }

    /// <summary>Gives an image one more name: <paramref name="repository"/>:<paramref name="tag"/>.</summary>
    public Task<Result<Nothing>> TagAsync(string image, string repository, string tag, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Post, image, $"/tag{new Query().Add("repo", repository).Add("tag", tag)}"), cancel);

    /// <summary>Takes the name away, and the image with its last name; one that a container uses is <see cref="FailureKind.Conflict"/>.</summary>
    public async Task<Result<RemovedImages>> RemoveAsync(string image, bool force = false, CancellationToken cancel = default)
    {
        var answer = await connection.OfAsync(Call(HttpMethod.Delete, image, new Query().Add("force", force).ToString()), EngineJson.Default.RemovedImageArray, cancel);
        return answer.Then<RemovedImages>(static lines => RemovedImage.Sum(lines, reclaimed: 0));
    }

    /// <summary>Removes images that have no name and that no container uses.</summary>
    public async Task<Result<RemovedImages>> PruneDanglingAsync(CancellationToken cancel = default)
    {
        var query = new Query().Filters(("dangling", ["true"]));
        var call = new EngineCall(HttpMethod.Post, $"/images/prune{query}", "dangling images") { Timeout = TimeSpan.FromMinutes(10) };
        var answer = await connection.ReadAsync(call, EngineJson.Default.PruneAnswer, cancel);
        return answer.Then<RemovedImages>(static pruned => RemovedImage.Sum(pruned.ImagesDeleted, pruned.SpaceReclaimed));
    }

    private static Result<EngineCall> Call(HttpMethod method, string image, string after) =>
        EngineNames.ImagePath(method == HttpMethod.Get ? Phase.Observe : Phase.Apply, image, after)
            .Then<EngineCall>(path => new EngineCall(method, path, $"image {image}"));

    private static Result<ImageDetails> Matches(ImageName wanted, ImageDetails found, string image) =>
        wanted.Digest is not { } digest || found.RepoDigests.Any(name => name.EndsWith("@" + digest, StringComparison.Ordinal))
            ? found
            : new Failure(Phase.Apply, $"image {image}", $"the pulled image has another digest: {OneLine.Of(string.Join(", ", found.RepoDigests))}")
            {
                Kind = FailureKind.WrongDigest,
            };
}

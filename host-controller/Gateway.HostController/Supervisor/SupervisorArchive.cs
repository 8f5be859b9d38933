using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.HostController.Supervisor;

/// <summary>
/// A copy of the last good image in a file of ours, so that the supervisor comes back without a network even when the
/// engine has lost all its storage. One image at a time; the copy before goes only when the new one is whole.
/// </summary>
/// <param name="folder">On this machine.</param>
internal sealed class SupervisorArchive(string folder)
{
    private const int LargestIndex = 16 * 1024;
    private const long LargestImage = 1L << 30;

    /// <summary>A copy never takes the last of the disk.</summary>
    private const long Spare = 128L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private string IndexFile => Path.Combine(folder, "last-good.json");

    /// <summary>What the archive holds; null when there is none that is whole by its length.</summary>
    public ArchivedImage? Held()
    {
        if (AtomicFile.ReadIfThere(IndexFile, LargestIndex) is not { IsSuccess: true, Value: { } content })
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(content, ArchiveJson.Default.ArchivedImage) is { Schema: ArchivedImage.KnownSchema } held
                && new FileInfo(FileOf(held)) is { Exists: true } file && file.Length == held.Bytes ? held : null;
        }
        catch (JsonException)
        {
            // Torn or foreign: as good as none.
            return null;
        }
    }

    /// <summary>Makes the archive hold this release's image, if it does not yet.</summary>
    public async Task<Result<Nothing>> KeepAsync(DockerClient engine, SupervisorRelease release, CancellationToken cancellation)
    {
        if (Held()?.ImageId == release.ImageId)
        {
            return default(Nothing);
        }

        if (!(await engine.Images.InspectAsync(release.ImageId, cancellation)).TryGet(out var image, out var failures))
        {
            return failures;
        }

        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(Longest);
        var draft = Path.Combine(folder, ".last-good.tmp");
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var free = new DriveInfo(folder).AvailableFreeSpace;
            if (image.Size > LargestImage || free < image.Size + Spare)
            {
                return new Failure(Phase.Apply, folder, $"no copy of {release.Image} is kept: the image has {image.Size >> 20} MiB, {free >> 20} MiB are free");
            }

            return (await SaveAsync(engine, release, draft, time.Token)).Then(Publish);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Apply, folder, $"no copy of {release.Image} can be kept: {SystemErrors.Text(wrong)}", Retryable: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Failure(Phase.Apply, folder, $"a copy of {release.Image} was not made within {Longest.TotalMinutes:0} min", Retryable: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Gives the engine the image back; its id.</summary>
    public async Task<Result<string>> RestoreAsync(DockerClient engine, CancellationToken cancellation)
    {
        if (Held() is not { } held)
        {
            return new Failure(Phase.Observe, folder, "there is no copy of the last good image") { Kind = FailureKind.NotFound };
        }

        try
        {
            await using var file = new FileStream(FileOf(held), FileMode.Open, FileAccess.Read, FileShare.Read);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) != held.Sha256)
            {
                return new Failure(Phase.Observe, FileOf(held), "the copy of the last good image is damaged");
            }

            file.Position = 0;
            if (!(await engine.Images.LoadAsync(file, cancel: cancellation)).TryGet(out var loaded, out var failures))
            {
                return failures;
            }

            return (await engine.Images.InspectAsync(loaded.References[0], cancellation)).Then<string>(image => image.Id);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Observe, FileOf(held), $"the copy of the last good image cannot be read: {SystemErrors.Text(wrong)}");
        }
    }

    private static async Task<Result<ArchivedImage>> SaveAsync(DockerClient engine, SupervisorRelease release, string draft, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, UnixCreateMode = AtomicFile.OwnerOnly };
        await using var file = new FileStream(draft, options);
        await using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            var saved = await engine.Images.SaveAsync([release.ImageId], packed, cancellation);
            if (!saved.IsSuccess)
            {
                return saved.Failures;
            }
        }

        file.Flush(flushToDisk: true);
        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
        return new ArchivedImage(ArchivedImage.KnownSchema, release.Image, release.ImageId, sha256, file.Length);
    }

    /// <summary>The index is what counts: written last, it makes the new copy and its file's name durable at once.</summary>
    private Result<Nothing> Publish(ArchivedImage held)
    {
        File.Move(Path.Combine(folder, ".last-good.tmp"), FileOf(held), overwrite: true);
        var written = AtomicFile.Write(IndexFile, JsonSerializer.SerializeToUtf8Bytes(held, ArchiveJson.Default.ArchivedImage), AtomicFile.OwnerOnly);
        if (written.IsSuccess)
        {
            foreach (var old in Directory.EnumerateFiles(folder, "*.tar.gz").Where(file => file != FileOf(held)))
            {
                File.Delete(old);
            }
        }

        return written;
    }

    private string FileOf(ArchivedImage held) => Path.Combine(folder, $"{held.Sha256}.tar.gz");
}

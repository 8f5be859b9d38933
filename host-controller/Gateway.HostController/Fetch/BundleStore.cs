using System.Security.Cryptography;
using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Fetch;

/// <summary>A bundle that was verified and unpacked.</summary>
/// <param name="Playbook">Its playbook; the digest is the archive's.</param>
/// <param name="Folder">Where its files are on this machine.</param>
internal sealed record OpenedBundle(Verified<SourceText> Playbook, string Folder);

/// <summary>Keeps bundles in folders that only root can read: <c>&lt;sha256&gt;/archive</c> and, once unpacked, <c>&lt;sha256&gt;/content</c>.</summary>
/// <param name="folder">Where; made when something is kept.</param>
internal sealed class BundleStore(string folder)
{
    private const string Incoming = "incoming-";
    private const string Archive = "archive";
    private const string Content = "content";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The length of a bundle in a file, or why it is none.</summary>
    public static Result<long> Look(string name, string path) =>
        new FileInfo(path) is not { Exists: true } file ? new Failure(Phase.Fetch, name, "there is no bundle: check the name, or publish one")
        : file.Length > BundleLimits.Default.Bytes ? new Failure(Phase.Parse, name, $"the bundle is larger than {BundleLimits.Default.Bytes} bytes")
        : file.Length;

    /// <summary>Copies a file of anybody's to where nobody else can write; what is verified is the copy.</summary>
    public async Task<Result<BundleArchive>> TakeAsync(string name, string path, CancellationToken cancellation)
    {
        try
        {
            if (!Look(name, path).TryGet(out _, out var missing))
            {
                return missing;
            }

            var target = NewArchive();
            await using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
            await using var to = new FileStream(target, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                Options = FileOptions.Asynchronous,
            });
            await from.CopyToAsync(to, cancellation);
            return new BundleArchive(name, target);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Fetch, name, OneLine.Of($"cannot be read: {SystemErrors.Text(wrong)}"));
        }
    }

    /// <summary>A place for an archive that is still to come.</summary>
    public string NewArchive()
    {
        var place = Path.Combine(folder, Incoming + RandomNumberGenerator.GetHexString(16, lowercase: true));
        Directory.CreateDirectory(place, Owner);
        return Path.Combine(place, Archive);
    }

    /// <summary>The archive that is kept under a digest, or what is missing.</summary>
    public Result<BundleArchive> Kept(string name, string sha256) => File.Exists(PathOf(sha256, Archive))
        ? new BundleArchive(name, PathOf(sha256, Archive))
        : new Failure(Phase.Configuration, name, "the bundle in force is no longer there: it is fetched again on the next cycle");

    /// <summary>Unpacks a verified bundle, once, and keeps it under its digest.</summary>
    public Result<OpenedBundle> Open(Verified<BundleArchive> archive)
    {
        var home = Path.Combine(folder, archive.Sha256);
        if (Directory.Exists(PathOf(archive.Sha256, Content)))
        {
            Forget(archive.Value);
            return BundleUnpacker.Playbook(archive, PathOf(archive.Sha256, Content)).Then<OpenedBundle>(playbook => new OpenedBundle(playbook, PathOf(archive.Sha256, Content)));
        }

        var place = Path.GetDirectoryName(archive.Value.Path)!;
        var unpacked = BundleUnpacker.Unpack(archive, Path.Combine(place, Content), BundleLimits.Default);
        if (!unpacked.TryGet(out var text, out var failures))
        {
            Forget(archive.Value);
            return failures;
        }

        if (place != home)
        {
            // In one step: what stands under a digest is whole, and on the disk before it stands there.
            if (Disk.Flush(place) is { IsSuccess: false } unflushed)
            {
                Forget(archive.Value);
                return unflushed.Failures;
            }

            if (Directory.Exists(home))
            {
                Directory.Delete(home, recursive: true);
            }

            Directory.Move(place, home);
        }

        return new OpenedBundle(text, PathOf(archive.Sha256, Content));
    }

    /// <summary>Removes an archive that was not let in.</summary>
    public static void Forget(BundleArchive archive)
    {
        var place = Path.GetDirectoryName(archive.Path)!;
        if (Path.GetFileName(place).StartsWith(Incoming, StringComparison.Ordinal) && Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }
    }

    /// <summary>Removes every bundle that is not named, and what came and was never let in.</summary>
    public void KeepOnly(IEnumerable<string> digests)
    {
        var kept = digests.ToHashSet(StringComparer.Ordinal);
        foreach (var place in Directory.Exists(folder) ? Directory.GetDirectories(folder).Where(place => !kept.Contains(Path.GetFileName(place))) : [])
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private string PathOf(string sha256, string part) => Path.Combine(folder, sha256, part);
}

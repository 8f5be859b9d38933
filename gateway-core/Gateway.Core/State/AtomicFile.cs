using System.Security.Cryptography;
using Gateway.Core.Reports;

namespace Gateway.Core.State;

/// <summary>
/// Files that are at any instant, power cuts included, whole: the old content or the new. A symbolic link at the target
/// is replaced, not followed.
/// </summary>
public static class AtomicFile
{
    /// <summary>0600: for state and anything secret.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0644: for what anybody on the machine may read.</summary>
    public const UnixFileMode WorldReadable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>
    /// Writes a file durably: temporary file in the same folder with its final owner and mode before the first byte,
    /// fsync, rename, fsync of the folder. The folder must be there. On failure the old file is untouched and the
    /// temporary one is gone.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">The exact mode, whatever the umask.</param>
    /// <param name="owner">User and group, or null for the process's own.</param>
    public static Result<Nothing> Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, FileOwner? owner = null)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target) ?? "/";
        // Short on purpose: the target's own name may already be as long as a name can be.
        var temporary = Path.Combine(folder, $".{RandomNumberGenerator.GetHexString(20, lowercase: true)}.tmp");
        var made = false;
        try
        {
            WriteNew(temporary, content, mode, owner, ref made);
            File.Move(temporary, target, overwrite: true);
            made = false;
            NativeFile.FlushFolder(folder);
            return default(Nothing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Apply, path, $"could not be written: {SystemErrors.Text(e)}", Retryable: true);
        }
        finally
        {
            if (made)
            {
                RemoveTemporary(temporary);
            }
        }
    }

    /// <summary>Puts a file that was written and flushed beside its place into that place, durably; what throws are files themselves.</summary>
    public static void Place(string draft, string path)
    {
        File.Move(draft, path, overwrite: true);
        NativeFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
    }

    /// <summary>
    /// <see cref="Write"/> when content or mode differ from what is there (flash wears out). True when it wrote. An
    /// owner that differs is not noticed.
    /// </summary>
    public static Result<bool> WriteIfChanged(string path, ReadOnlySpan<byte> content, UnixFileMode mode, FileOwner? owner = null)
    {
        if (IsSame(path, content, mode))
        {
            return false;
        }

        var written = Write(path, content, mode, owner);
        return written.IsSuccess ? true : written.Failures;
    }

    /// <summary>The content, or null when there is no such file. More than <paramref name="maxBytes"/> is a failure and not read.</summary>
    public static Result<byte[]?> ReadIfThere(string path, int maxBytes)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // One byte more than allowed is asked for: the size of a file that is being written, or of a pseudo file, says nothing.
            using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
            var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (stream.Read(buffer, 0, (int)Math.Min(buffer.Length, maxBytes + 1L - content.Length)) is var count and > 0)
            {
                content.Write(buffer, 0, count);
                if (content.Length > maxBytes)
                {
                    return new Failure(Phase.Observe, path, $"is larger than {maxBytes} bytes");
                }
            }

            return content.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (byte[]?)null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Observe, path, $"could not be read: {SystemErrors.Text(e)}", Retryable: true);
        }
    }

    private static void WriteNew(string path, ReadOnlySpan<byte> content, UnixFileMode mode, FileOwner? owner, ref bool made)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = mode & OwnerOnly,
        };
        using var file = new FileStream(path, options);
        made = true;
        if (owner is { } given)
        {
            NativeFile.ChangeOwner(file.SafeFileHandle, given.User, given.Group);
        }

        // After the owner, because changing it takes set-id bits away; explicitly, because the umask cuts UnixCreateMode.
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    private static bool IsSame(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var info = new FileInfo(path);
        if (!info.Exists || info.LinkTarget is not null || info.Length != content.Length || info.UnixFileMode != mode)
        {
            return false;
        }

        return ReadIfThere(path, content.Length) is { IsSuccess: true, Value: { } there } && content.SequenceEqual(there);
    }

    private static void RemoveTemporary(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            System.Diagnostics.Trace.TraceWarning("temporary file {0} could not be removed: {1}", path, SystemErrors.Text(e));
        }
    }
}

using Gateway.Core.Reports;

namespace Gateway.Core.State;

/// <summary>The file system that holds a folder.</summary>
public static class Disk
{
    /// <summary>Bytes that may still be written to it.</summary>
    public static Result<DiskSpace> Space(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Observe, folder, $"its free space is not known: {SystemErrors.Text(e)}", Retryable: true);
        }
    }

    /// <summary>Brings everything that was written to it onto the disk, other programs' writes included; may take long.</summary>
    public static Result<Nothing> Flush(string folder)
    {
        try
        {
            NativeFile.FlushFileSystem(folder);
            return default(Nothing);
        }
        catch (IOException e)
        {
            return new Failure(Phase.Apply, folder, SystemErrors.Text(e), Retryable: true);
        }
    }
}

/// <summary>Bytes free and in all.</summary>
public readonly record struct DiskSpace(long Free, long Total);

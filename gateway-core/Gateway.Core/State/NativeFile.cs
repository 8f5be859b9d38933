using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.State;

/// <summary>The calls on files that the runtime does not offer.</summary>
internal static partial class NativeFile
{
    private const int ReadOnlyDirectoryCloseOnExec = 0 | 0x80000;

    /// <summary>Makes renames and new names in a folder durable. File.OpenHandle refuses folders.</summary>
    public static void FlushFolder(string folder)
    {
        var descriptor = Open(folder, ReadOnlyDirectoryCloseOnExec);
        if (descriptor < 0)
        {
            throw LastError($"folder '{folder}' could not be opened");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FlushToDisk(descriptor) != 0)
        {
            throw LastError($"folder '{folder}' could not be flushed to disk");
        }
    }

    /// <summary>Brings everything written to the file system that holds this folder to the disk.</summary>
    public static void FlushFileSystem(string folder)
    {
        var descriptor = Open(folder, ReadOnlyDirectoryCloseOnExec);
        if (descriptor < 0)
        {
            throw LastError($"folder '{folder}' could not be opened");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (SyncFileSystem(descriptor) != 0)
        {
            throw LastError($"the file system of '{folder}' could not be flushed to disk");
        }
    }

    /// <summary>Gives an open file to a user and a group (numeric ids).</summary>
    public static void ChangeOwner(SafeFileHandle file, uint user, uint group)
    {
        if (FileChangeOwner(file, user, group) != 0)
        {
            throw LastError($"owner could not be set to {user}:{group}");
        }
    }

    /// <summary>Makes a folder that must not be there yet, for its owner only (0700).</summary>
    public static void MakePrivateFolder(string folder)
    {
        if (MakeDirectory(folder, 0x1C0) != 0)
        {
            throw LastError($"folder '{folder}' could not be made");
        }
    }

    private static IOException LastError(string what)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{what}: {error.Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FlushToDisk(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileChangeOwner(SafeFileHandle file, uint user, uint group);
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gateway.Core.Reports;
using Microsoft.Win32.SafeHandles;

namespace Gateway.HostController;

/// <summary>
/// The one host controller that may change this machine. The lock is the kernel's (flock): it goes with the process,
/// however that ends; the text in the file only tells people who holds it.
/// </summary>
internal sealed partial class SingleInstance : IDisposable
{
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int ReadWriteCreateCloseOnExec = 2 | 0x40 | 0x80000;
    private const int OwnerWritesAllRead = 0x1A4;
    private readonly FileStream file;

    private SingleInstance(FileStream file) => this.file = file;

    /// <summary>Takes the lock, or says who has it.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="command">What this process does, for whoever finds it taken.</param>
    public static Result<SingleInstance> Take(string path, string command)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // By hand: .NET's own open locks too, and then a second opener could not even read who holds it.
            var descriptor = Open(path, ReadWriteCreateCloseOnExec, OwnerWritesAllRead);
            if (descriptor < 0)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
            }

            var opened = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite, 0);
            if (Flock(opened.SafeFileHandle, Exclusive | NonBlocking) != 0)
            {
                var holder = Holder(opened);
                opened.Dispose();
                return new Failure(Phase.Configuration, path, $"another host-controller is at work{holder}: wait until it has ended", true);
            }

            Sign(opened, command);
            return new SingleInstance(opened);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Configuration, path, $"the lock cannot be taken: {SystemErrors.Text(wrong)}; run as root, or with --root");
        }
    }

    public void Dispose() => file.Dispose();

    private static void Sign(FileStream opened, string command)
    {
        try
        {
            opened.SetLength(0);
            opened.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {command}\n")));
        }
        catch (IOException)
        {
            // Only people read it: a disk that is full keeps nobody from the lock.
        }
    }

    private static string Holder(FileStream opened)
    {
        var buffer = new byte[200];
        var text = OneLine.Of(Encoding.UTF8.GetString(buffer, 0, opened.Read(buffer)));
        return text.Split(' ', 2) is [var pid, var command] ? $" ({command}, process {pid})" : "";
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flock(SafeFileHandle file, int operation);
}

using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>One supervisor at a time works on a state directory.</summary>
internal static class InstanceLock
{
    /// <summary>The lock, held until disposed (and let go by the kernel when the process ends).</summary>
    public static Result<IDisposable> Take(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, "lock");
        try
        {
            Directory.CreateDirectory(stateDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Configuration, path, $"could not be locked ({SystemErrors.Text(e)}): is another container-supervisor running? Publish to it, or stop it first");
        }
    }
}

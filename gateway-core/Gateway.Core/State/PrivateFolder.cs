using System.Collections.Immutable;
using System.Security.Cryptography;
using Gateway.Core.Reports;

namespace Gateway.Core.State;

/// <summary>
/// A temporary folder that nobody else can read or write (0700), gone with its content when disposed. In memory where
/// there is room for that, so that neither a full disk stops us nor flash is worn.
/// </summary>
public sealed class PrivateFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    private PrivateFolder(string path) => FullPath = path;

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>Makes one; throws <see cref="IOException"/> when there is no place for it.</summary>
    public static PrivateFolder Create()
    {
        var name = $"gateway-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        ImmutableArray<string> places = [Path.Combine(InMemory, name), Path.Combine(Path.GetTempPath(), name)];
        try
        {
            return Create(places[0]);
        }
        catch (IOException)
        {
            return Create(places[1]);
        }
    }

    /// <summary>Writes a new file (0600) and returns its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(FullPath, name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = AtomicFile.OwnerOnly };
        using var file = new FileStream(path, options);
        file.Write(content);
        return path;
    }

    /// <summary>Removes the folder with all that is in it.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            System.Diagnostics.Trace.TraceWarning("temporary folder {0} could not be removed: {1}", FullPath, SystemErrors.Text(e));
        }
    }

    private static PrivateFolder Create(string path)
    {
        NativeFile.MakePrivateFolder(path);
        return new PrivateFolder(path);
    }
}

namespace Gateway.HostController.Fetch;

/// <summary>A folder on disk that nobody else can read (0700), gone with its content when disposed; for what may be too large for memory.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-");

    public string Path => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);
}

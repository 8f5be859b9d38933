namespace Gateway.Ctl.Documents;

/// <summary>A folder to unpack a bundle in and look at it; gone when disposed.</summary>
internal sealed class DraftFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gatewayctl-");

    /// <summary>Not made yet.</summary>
    public string Content => Path.Combine(folder.FullName, "content");

    public void Dispose() => folder.Delete(recursive: true);
}

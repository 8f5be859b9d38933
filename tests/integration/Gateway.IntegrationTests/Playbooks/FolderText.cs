namespace Gateway.IntegrationTests.Playbooks;

/// <summary>What lies in a folder, a line for each path: mode, owner, content.</summary>
internal static class FolderText
{
    public static List<string> Of(string folder) => [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Describe)];

    private static string Describe(string path)
    {
        var info = new FileInfo(path);
        var content = info.LinkTarget is not null ? $"-> {info.LinkTarget}" : Directory.Exists(path) ? "folder" : File.ReadAllText(path, System.Text.Encoding.Latin1);
        return $"{path} {(info.LinkTarget is null ? File.GetUnixFileMode(path) : UnixFileMode.None)} {content}";
    }
}

using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Core.State;

/// <summary>Files in a folder of this machine.</summary>
/// <param name="folder">The document's own folder, absolute.</param>
/// <param name="isSealed">Whether nothing outside may be read, because only what is inside was signed.</param>
public sealed class SourceFolder(string folder, bool isSealed) : ISourceFolder
{
    private readonly string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    public Result<SourceText?> Read(string path)
    {
        if (Locate(path) is not { } at)
        {
            return new Failure(Phase.Parse, path, "lies outside the bundle: only what is inside was signed");
        }

        if (!AtomicFile.ReadIfThere(at, SourceText.LargestDocument).TryGet(out var content, out var failures))
        {
            return Directory.Exists(at) ? (SourceText?)null : failures[0] with { Phase = Phase.Parse };
        }

        return content is null ? (SourceText?)null : new SourceText(path, content);
    }

    public bool HasFolder(string path) => Locate(path) is { } at && Directory.Exists(at);

    public string PathOf(string path) => Path.GetFullPath(Path.Combine(folder, path));

    private string? Locate(string path)
    {
        var at = Path.GetFullPath(Path.Combine(folder, path));
        return !isSealed || at == folder || at.StartsWith(folder + "/", StringComparison.Ordinal) ? at : null;
    }
}

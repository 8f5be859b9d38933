using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;

namespace Gateway.Ctl.Documents;

/// <summary>Reads a file an operator named, bounded.</summary>
internal static class DocumentFile
{
    /// <summary>The file's bytes under its own name, or why they cannot be had.</summary>
    /// <param name="path">The file.</param>
    /// <param name="largest">Bytes.</param>
    public static Result<SourceText> Read(string path, int largest = SourceText.LargestDocument)
    {
        if (Directory.Exists(path))
        {
            return new Failure(Phase.Configuration, path, "is a folder; name a file");
        }

        var read = AtomicFile.ReadIfThere(path, largest);
        return !read.TryGet(out var content, out var failures) ? failures[0] with { Phase = Phase.Configuration }
            : content is null ? new Failure(Phase.Configuration, path, "does not exist")
            : new SourceText(path, content);
    }
}

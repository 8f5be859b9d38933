using Gateway.Core.Reports;

namespace Gateway.Core.Yaml;

/// <summary>Files that a document names: those beside it, or those that were signed with it.</summary>
public interface ISourceFolder
{
    /// <summary>A file of at most <see cref="SourceText.LargestDocument"/> bytes; null when there is none. What may not be used is a failure.</summary>
    /// <param name="path">Relative to the document's folder, parts separated by <c>/</c>; or absolute.</param>
    public Result<SourceText?> Read(string path);

    /// <summary>Whether there is a folder of that name.</summary>
    public bool HasFolder(string path);

    /// <summary>The path as a message names it.</summary>
    public string PathOf(string path) => path;
}

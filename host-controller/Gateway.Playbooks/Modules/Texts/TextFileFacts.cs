using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What modules that edit a file depend on.</summary>
/// <param name="Path">As the task names it, expanded.</param>
/// <param name="RealPath">With links followed: that file is edited.</param>
/// <param name="State">What stands there, links followed; null for nothing.</param>
/// <param name="Text">Its bytes, one character each; empty when there is no file.</param>
/// <param name="Wanted">Owner, group and mode.</param>
public sealed record TextFileFacts(string Path, string RealPath, FileState? State, string Text, WantedAttributes Wanted)
{
    private const long Largest = 16L * 1024 * 1024;

    /// <summary>Folders that are not there, from the root down.</summary>
    public ImmutableArray<string> MissingFolders { get; init; } = [];

    internal static Result<TextFileFacts> Read(string path, FileAttributes attributes, ModuleContext context, IHostReader reader)
    {
        path = Expansion.Of(path, reader, context);
        var state = reader.Stat(path, follow: true);
        var wanted = attributes.Resolve(reader);
        if (state is not { Kind: FileKind.File })
        {
            var missing = state is null ? Folders.Missing(reader, Folders.Of(path)) : [];
            return new TextFileFacts(path, path, state, "", wanted) { MissingFolders = missing };
        }

        var realPath = reader.Stat(path, follow: false) is { Kind: FileKind.Link } ? reader.RealPath(path) : path;
        return reader.ReadFile(path, Largest).Then<TextFileFacts>(content => new TextFileFacts(path, realPath, state, ByteText.Of(content), wanted));
    }
}

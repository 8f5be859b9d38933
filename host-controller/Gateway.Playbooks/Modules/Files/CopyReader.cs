namespace Gateway.Playbooks.Modules;

/// <summary>What is to be copied.</summary>
/// <param name="Path">The file it comes from; null for content of the task.</param>
/// <param name="State">What that file is.</param>
/// <param name="Sum">SHA-1 of the content.</param>
/// <param name="Content">The content, unless it is a file of the machine.</param>
internal sealed record CopySource(string? Path, FileState? State, string Sum, ReadOnlyMemory<byte> Content);

/// <summary>Reads what stands where a file shall be written.</summary>
internal static class CopyReader
{
    private const long LargestDiff = 104_448;

    /// <summary>The mode of the file Ansible puts a task's content into first: that is what <c>preserve</c> keeps then.</summary>
    private const int OwnerOnly = 0x180;

    public static CopyFacts Read(CopyArguments arguments, CopySource source, ModuleContext context, IHostReader reader)
    {
        var path = Expansion.Of(arguments.Destination, reader, context);
        if (path.EndsWith('/') || (arguments.Content is null && reader.Stat(path, follow: true) is { Kind: FileKind.Directory }))
        {
            path = Folders.In(path, Folders.Name(source.Path ?? path));
        }

        var here = reader.Stat(path, follow: false);
        var target = reader.Stat(path, follow: true);
        var compared = arguments.Follow || arguments.RemoteSource ? target : here;
        var folder = Folders.Of(path);
        var before = compared is { Kind: FileKind.File } && context.Diff && !arguments.RemoteSource ? reader.ReadFile(path, LargestDiff) : default;
        return new CopyFacts(path, here, target, arguments.Follow && here is { Kind: FileKind.Link } ? reader.RealPath(path) : path, Preserve(arguments, source.State).Resolve(reader))
        {
            Source = source.Path,
            SourceState = source.State,
            SourceSum = source.Sum,
            SourceContent = source.Content,
            HereSum = compared is { Kind: FileKind.File } && reader.Sha1(path).TryGet(out var sum, out _) ? sum : null,
            Before = !context.Diff || arguments.RemoteSource ? null : compared is null ? ReadOnlyMemory<byte>.Empty : before.IsSuccess ? before.Value : null,
            Hidden = here is null ? reader.Hidden(path, follow: false)?.Text : null,
            Missing = arguments.Destination.EndsWith('/') ? Folders.Missing(reader, folder) : [],
            FolderIsThere = reader.Stat(folder, follow: true) is { Kind: FileKind.Directory },
        };
    }

    private static FileAttributes Preserve(CopyArguments arguments, FileState? source) =>
        arguments.Attributes.Mode is Expressions.TextValue { Value: "preserve" } && (source is not null || arguments.Content is not null)
            ? arguments.Attributes with { Mode = (long)(source?.Mode ?? OwnerOnly) }
            : arguments.Attributes;
}

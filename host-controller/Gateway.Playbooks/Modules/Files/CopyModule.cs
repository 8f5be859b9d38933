using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.copy: a file with given content, or a copy of another file.</summary>
public sealed class CopyModule() : TaskModule<CopyArguments, CopyFacts>("copy", Options, "ansible.builtin.copy", "ansible.legacy.copy")
{
    private const long LargestSource = 64L * 1024 * 1024;
    private const long LargestDiff = 104_448;

    private static readonly ModuleSchema Options = new(
    [
        new Option("content", OptionType.Raw),
        new Option("src"),
        new Option("dest", OptionType.Path) { Required = true },
        new Option("backup", OptionType.Boolean) { Default = false },
        new Option("force", OptionType.Boolean) { Default = true, Aliases = ["thirsty"] },
        new Option("validate"),
        new Option("directory_mode", OptionType.Raw),
        new Option("remote_src", OptionType.Boolean) { Default = false },
        new Option("checksum"),
        new Option("follow", OptionType.Boolean) { Default = false },
        .. FileAttributes.Options,
    ])
    {
        OneOf = [["src", "content"]],
        Exclusive = [["src", "content"]],
        NotSupported = [.. FileAttributes.NotSupported, "decrypt", "local_follow"],
    };

    public override Result<CopyArguments> Parse(OptionValues options, ModuleContext context)
    {
        var validate = ImmutableArray<string>.Empty;
        if (options.Text("validate") is { } command)
        {
            if (!command.Contains("%s", StringComparison.Ordinal))
            {
                return Refuse(context, $"validate must contain %s: {command}");
            }

            if (!ShellWords.TrySplit(command, out validate, out var problem))
            {
                return Refuse(context, $"validate: {problem}");
            }
        }

        var arguments = new CopyArguments(Content(options.Raw("content")), options.Text("src"), options.TextOf("dest"), FileAttributes.Of(options))
        {
            RemoteSource = options.Is("remote_src"),
            Backup = options.Is("backup"),
            Force = options.Is("force"),
            Follow = options.Is("follow"),
            DirectoryMode = options.Raw("directory_mode"),
            Validate = validate,
            Checksum = options.Text("checksum"),
        };
        return arguments.Source?.EndsWith('/') == true ? Refuse(context, $"'src: {arguments.Source}' is a folder: copying folders is not supported, copy its files one by one")
            : arguments.Content is not null && arguments.Destination.EndsWith('/') ? Refuse(context, "can not use content with a dir as dest")
            : arguments.Content is not null && options.Raw("mode") is TextValue { Value: "preserve" } ? Refuse(context, "mode 'preserve' needs 'src'")
            : arguments;
    }

    public override Task<Result<CopyFacts>> ReadAsync(CopyArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(Read(arguments, context, reader));

    private static Result<CopyFacts> Read(CopyArguments arguments, ModuleContext context, IHostReader reader)
    {
        if (!Source(arguments, context, reader).TryGet(out var source, out var wrong))
        {
            return wrong;
        }

        var path = Expansion.Of(arguments.Destination, reader, context);
        var name = (source.Path ?? path)[((source.Path ?? path).LastIndexOf('/') + 1)..];
        if (path.EndsWith('/') || (arguments.Content is null && reader.Stat(path, follow: true) is { Kind: FileKind.Directory }))
        {
            path = $"{path.TrimEnd('/')}/{name}";
        }

        var here = reader.Stat(path, follow: false);
        var target = reader.Stat(path, follow: true);
        var compared = arguments.Follow || arguments.RemoteSource ? target : here;
        var folder = path[..Math.Max(path.LastIndexOf('/'), 1)];
        var before = compared is { Kind: FileKind.File } && context.Diff && !arguments.RemoteSource ? reader.ReadFile(path, LargestDiff) : default;
        return new CopyFacts(path, here, target, arguments.Follow && here is { Kind: FileKind.Link } ? reader.RealPath(path) : path, Preserve(arguments, source.State).Resolve(reader))
        {
            Source = source.Path,
            SourceState = source.State,
            SourceSum = source.Sum,
            SourceContent = source.Content,
            HereSum = compared is { Kind: FileKind.File } && reader.Sha1(path).TryGet(out var sum, out _) ? sum : null,
            Before = !context.Diff || arguments.RemoteSource ? null : compared is null ? ReadOnlyMemory<byte>.Empty : before.IsSuccess ? before.Value : null,
            Missing = arguments.Destination.EndsWith('/') ? MissingFolders(reader, folder) : [],
            FolderIsThere = reader.Stat(folder, follow: true) is { Kind: FileKind.Directory },
        };
    }

    public override TaskPlan Plan(CopyArguments arguments, CopyFacts facts, ModuleContext context) => CopyPlans.Plan(arguments, facts, context);

    private static FileAttributes Preserve(CopyArguments arguments, FileState? source) =>
        arguments.Attributes.Mode is TextValue { Value: "preserve" } && source is not null
            ? arguments.Attributes with { Mode = (long)source.Mode }
            : arguments.Attributes;

    private static Result<(string? Path, FileState? State, string Sum, ReadOnlyMemory<byte> Content)> Source(CopyArguments arguments, ModuleContext context, IHostReader reader)
    {
        if (arguments.Content is { } text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return (null, null, Hashes.Sha1(bytes), (ReadOnlyMemory<byte>)bytes);
        }

        var source = Expansion.Of(arguments.Source!, reader, context);
        if (!arguments.RemoteSource)
        {
            return reader.PlaybookFile(source, LargestSource).Then<(string?, FileState?, string, ReadOnlyMemory<byte>)>(
                file => (file.Path, file.State, Hashes.Sha1(file.Content.Span), file.Content));
        }

        return reader.Stat(source, follow: true) switch
        {
            null => Refuse(context, $"Source {source} not found"),
            { Kind: FileKind.Directory } => Refuse(context, $"Source {source} is a folder: copying folders is not supported"),
            { Kind: FileKind.Other } => Refuse(context, $"Cannot copy invalid source '{source}': not a file"),
            var state => reader.Sha1(source).Then<(string?, FileState?, string, ReadOnlyMemory<byte>)>(sum => (source, state, sum, default)),
        };
    }

    private static string? Content(Value? content) => content switch
    {
        null => null,
        ListValue or DictValue => ValueJson.Write(content),
        _ => content.ToString(),
    };

    private static ImmutableArray<string> MissingFolders(IHostReader reader, string folder)
    {
        var missing = new List<string>();
        for (var at = folder; at.Length > 1 && reader.Stat(at, follow: true) is null; at = at[..Math.Max(at.LastIndexOf('/'), 0)])
        {
            missing.Insert(0, at);
        }

        return [.. missing];
    }
}

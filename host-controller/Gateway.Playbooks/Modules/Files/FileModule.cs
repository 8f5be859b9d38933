using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.file: files, folders and links with their owners and modes.</summary>
public sealed class FileModule() : TaskModule<FileArguments, FileFacts>("file", Options, "ansible.builtin.file", "ansible.legacy.file")
{
    private const int LargestTree = 100_000;

    private static readonly ModuleSchema Options = new(
    [
        new Option("state") { Choices = ["absent", "directory", "file", "hard", "link", "touch"] },
        new Option("path", OptionType.Path) { IsWritten = true, Aliases = ["dest", "name"], Required = true },
        new Option("recurse", OptionType.Boolean) { Default = false },
        new Option("force", OptionType.Boolean) { Default = false },
        new Option("follow", OptionType.Boolean) { Default = true },
        new Option("src", OptionType.Path),
        new Option("modification_time"),
        new Option("modification_time_format") { Default = FileTimes.DefaultFormat },
        new Option("access_time"),
        new Option("access_time_format") { Default = FileTimes.DefaultFormat },
        .. FileAttributes.Options,
    ])
    {
        NotSupported = FileAttributes.NotSupported,
    };

    public override Result<FileArguments> Parse(OptionValues options, ModuleContext context)
    {
        var arguments = new FileArguments(options.TextOf("path"), options.Text("state"), options.Text("src"), FileAttributes.Of(options))
        {
            Recurse = options.Is("recurse"),
            Force = options.Is("force"),
            Follow = options.Is("follow"),
            Modified = options.Text("modification_time"),
            Accessed = options.Text("access_time"),
            ModifiedFormat = options.TextOf("modification_time_format"),
            AccessedFormat = options.TextOf("access_time_format"),
        };
        var problem = FileTimes.Problem(arguments.Modified, arguments.ModifiedFormat) ?? FileTimes.Problem(arguments.Accessed, arguments.AccessedFormat);
        return problem is null ? arguments : Refuse(context, problem);
    }

    public override Task<Result<FileFacts>> ReadAsync(FileArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var path = Clean(Expansion.Of(arguments.Path, reader, context));
        var source = arguments.Source is { } src ? Expansion.Of(src, reader, context) : null;
        if (arguments.State is not ("link" or "absent") && source is { Length: > 0 } && reader.Stat(path, follow: true) is { Kind: FileKind.Directory })
        {
            path = $"{path.TrimEnd('/')}/{source[(source.LastIndexOf('/') + 1)..]}";
        }

        var here = reader.Stat(path, follow: false);
        var realPath = here is { Kind: FileKind.Link } ? reader.RealPath(path) : path;
        var walked = here is { Kind: FileKind.Directory } && (arguments.State == "absent" || arguments.Recurse)
            || (arguments.Recurse && arguments.Follow && reader.Stat(path, follow: true) is { Kind: FileKind.Directory });
        var tree = new List<TreeEntry>();
        if ((walked || (arguments.State == "link" && here is { Kind: FileKind.Directory })) && !Walk(reader, arguments.Follow ? realPath : path, tree)
            && arguments.Recurse)
        {
            return Task.FromResult<Result<FileFacts>>(Refuse(context, $"{path} holds more than {LargestTree} entries"));
        }

        return Task.FromResult<Result<FileFacts>>(new FileFacts(path, here, realPath, reader.Stat(path, follow: true), arguments.Attributes.Resolve(reader), reader.Now)
        {
            Written = Expansion.Of(arguments.Path, reader, context) is var written && written.TrimEnd('/') == path ? written : path,
            Source = source,
            SourceState = source is null ? null : reader.Stat(arguments.State == "hard" ? source : Beside(path, here, source), follow: true),
            LinkedState = source is null ? null : reader.Stat(Beside(path, null, source), follow: true),
            FolderIsThere = here is not null || reader.Stat(Folders.Of(path), follow: true) is { Kind: FileKind.Directory },
            Missing = here is null ? Folders.Missing(reader, path) : [],
            Tree = [.. tree],
        });
    }

    public override TaskPlan Plan(FileArguments arguments, FileFacts facts, ModuleContext context)
    {
        var previous = facts.PreviousState;
        var state = arguments.State ?? (previous != "absent" ? previous : arguments.Recurse ? "directory" : "file");
        if (arguments.Recurse && state != "directory")
        {
            return TaskPlan.Failure("recurse option requires state to be 'directory'", ("path", facts.Path));
        }

        if (arguments.Source is not null && state is not ("link" or "hard"))
        {
            return TaskPlan.Failure("src option requires state to be 'link' or 'hard'", ("path", facts.Path));
        }

        if (facts.Wanted.Problem is not null && state != "absent" && !(context.Check && facts.Here is null))
        {
            return facts.Wanted.Failure(facts.Path);
        }

        return state switch
        {
            "absent" => FilePlans.Absent(facts),
            "directory" => FilePlans.Directory(arguments, facts, context),
            "touch" => FilePlans.Touch(arguments, facts, context),
            "link" => LinkPlans.Symbolic(arguments, facts, context),
            "hard" => LinkPlans.Hard(arguments, facts, context),
            _ => FilePlans.File(arguments, facts),
        };
    }

    /// <summary>Where a relative source of a link points to: seen from the folder the link is in.</summary>
    private static string Beside(string path, FileState? here, string source)
    {
        if (source.StartsWith('/'))
        {
            return source;
        }

        var folder = here is { Kind: FileKind.Directory } ? path : path[..(path.LastIndexOf('/') + 1)];
        return $"{folder.TrimEnd('/')}/{source}";
    }

    private static string Clean(string path) => path.Length > 1 ? path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : path;

    private static bool Walk(IHostReader reader, string path, List<TreeEntry> tree)
    {
        foreach (var name in reader.List(path))
        {
            var below = $"{path.TrimEnd('/')}/{name}";
            if (reader.Stat(below, follow: false) is not { } state)
            {
                continue;
            }

            tree.Add(new TreeEntry(below, state));
            if (tree.Count > LargestTree || (state.Kind == FileKind.Directory && !Walk(reader, below, tree)))
            {
                return false;
            }
        }

        return true;
    }
}

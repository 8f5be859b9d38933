using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.copy: a file with given content, or a copy of another file.</summary>
public sealed class CopyModule() : TaskModule<CopyArguments, CopyFacts>("copy", Options, "ansible.builtin.copy", "ansible.legacy.copy")
{
    private const long LargestSource = 64L * 1024 * 1024;

    private static readonly ModuleSchema Options = new(
    [
        new Option("content", OptionType.Raw),
        new Option("src"),
        new Option("dest", OptionType.Path) { IsWritten = true, Required = true },
        new Option("backup", OptionType.Boolean) { Default = false },
        new Option("force", OptionType.Boolean) { Default = true, Aliases = ["thirsty"] },
        new Option("validate") { IsProgram = true },
        new Option("directory_mode", OptionType.Raw),
        new Option("remote_src", OptionType.Boolean) { Default = false },
        new Option("checksum"),
        new Option("follow", OptionType.Boolean) { Default = false },
        new Option("local_follow", OptionType.Boolean) { Default = true },
        .. FileAttributes.Options,
    ])
    {
        NotSupported = [.. FileAttributes.NotSupported, "decrypt"],
        PlaybookFile = "src",
    };

    public override Result<CopyArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (validate, problem) = ValidateCommand.Read(options);
        problem = !options.Has("src") && !options.Has("content") ? "src (or content) is required"
            : options.Has("src") && options.Has("content") ? "src and content are mutually exclusive"
            : problem;
        if (problem is not null)
        {
            return Refuse(context, problem);
        }

        var arguments = new CopyArguments(Content(options.Raw("content")), options.Text("src"), options.TextOf("dest"), FileAttributes.Of(options))
        {
            RemoteSource = options.Is("remote_src"),
            Backup = options.Is("backup"),
            Force = options.Is("force"),
            Follow = options.Is("follow"),
            FollowSource = options.Is("local_follow"),
            DirectoryMode = options.Raw("directory_mode"),
            Validate = validate,
            Checksum = options.Text("checksum"),
        };
        return arguments.Content is not null && arguments.Destination.EndsWith('/') ? Refuse(context, "can not use content with a dir as dest")
            : arguments;
    }

    public override Task<Result<CopyFacts>> ReadAsync(CopyArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(Read(arguments, context, reader));

    private static Result<CopyFacts> Read(CopyArguments arguments, ModuleContext context, IHostReader reader)
    {
        string? folder = null;
        if (arguments.Source is not null && !CopyTree.Folder(arguments, context, reader).TryGet(out folder, out var wrong))
        {
            return wrong;
        }

        return folder is not null
            ? CopyTree.Read(arguments, folder, context, reader)
            : Source(arguments, context, reader).Then<CopyFacts>(source => CopyReader.Read(arguments, source, context, reader));
    }

    public override TaskPlan Plan(CopyArguments arguments, CopyFacts facts, ModuleContext context) =>
        facts.Tree is { } tree ? CopyTree.Plan(arguments, facts, tree, context) : CopyPlans.Plan(arguments, facts, context);

    private static Result<CopySource> Source(CopyArguments arguments, ModuleContext context, IHostReader reader)
    {
        if (arguments.Content is { } text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return new CopySource(null, null, Hashes.Sha1(bytes), bytes);
        }

        var source = Expansion.Of(arguments.Source!, reader, context);
        if (!arguments.RemoteSource)
        {
            return reader.PlaybookFile(source, LargestSource).Then<CopySource>(
                file => new CopySource(file.Path, file.State, Hashes.Sha1(file.Content.Span), file.Content));
        }

        return reader.Stat(source, follow: true) switch
        {
            null => Refuse(context, $"Source {source} not found"),
            { Kind: FileKind.Other } => Refuse(context, $"Cannot copy invalid source '{source}': not a file"),
            var state => reader.Sha1(source).Then<CopySource>(sum => new CopySource(source, state, sum, default)),
        };
    }

    private static string? Content(Value? content) => content switch
    {
        null => null,
        ListValue or DictValue => ValueJson.Write(content),
        _ => content.ToString(),
    };
}

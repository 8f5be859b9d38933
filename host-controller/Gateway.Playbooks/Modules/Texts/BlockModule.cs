using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>blockinfile</c> task asks for; texts are bytes, one character each.</summary>
/// <param name="Path">The file.</param>
/// <param name="Block">Lines with line breaks; none to remove the block.</param>
/// <param name="Begin">The line before the block.</param>
/// <param name="End">The line after it.</param>
/// <param name="Attributes">Owner, group and mode.</param>
public sealed record BlockArguments(string Path, ImmutableArray<string> Block, string Begin, string End, FileAttributes Attributes)
{
    public string? InsertAfter { get; init; }

    public string? InsertBefore { get; init; }

    public bool Create { get; init; }

    public bool Backup { get; init; }

    public ImmutableArray<string> Validate { get; init; } = [];
}

/// <summary>ansible.builtin.blockinfile: lines of a file between two marking lines.</summary>
public sealed class BlockModule() : TaskModule<BlockArguments, TextFileFacts>("blockinfile", Options, "ansible.builtin.blockinfile", "ansible.legacy.blockinfile")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("path", OptionType.Path) { IsWritten = true, Required = true, Aliases = ["dest", "destfile", "name"] },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("marker") { Default = "# {mark} ANSIBLE MANAGED BLOCK" },
        new Option("block") { Default = "", Aliases = ["content"] },
        new Option("insertafter"),
        new Option("insertbefore"),
        new Option("create", OptionType.Boolean) { Default = false },
        new Option("backup", OptionType.Boolean) { Default = false },
        new Option("validate") { IsProgram = true },
        new Option("marker_begin") { Default = "BEGIN" },
        new Option("marker_end") { Default = "END" },
        .. FileAttributes.Options,
    ])
    {
        Exclusive = [["insertbefore", "insertafter"]],
        NotSupported = [.. FileAttributes.NotSupported, "append_newline", "prepend_newline"],
    };

    public override Result<BlockArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (validate, problem) = ValidateCommand.Read(options);
        string? Bytes(string name) => options.Text(name) is { } text ? ByteText.Of(text) : null;
        var marker = Bytes("marker")!;
        var block = options.TextOf("state") == "present" ? Bytes("block")! : "";
        var arguments = new BlockArguments(
            options.TextOf("path"),
            block.Length == 0 ? [] : [.. ByteText.Lines(block.EndsWith('\n') ? block : block + "\n")],
            marker.Replace("{mark}", Bytes("marker_begin"), StringComparison.Ordinal),
            marker.Replace("{mark}", Bytes("marker_end"), StringComparison.Ordinal),
            FileAttributes.Of(options))
        {
            InsertAfter = Bytes("insertafter") ?? (Bytes("insertbefore") is null ? "EOF" : null),
            InsertBefore = Bytes("insertbefore"),
            Create = options.Is("create"),
            Backup = options.Is("backup"),
            Validate = validate,
        };
        problem ??= ModuleRegex.Problem(arguments.InsertAfter) ?? ModuleRegex.Problem(arguments.InsertBefore);
        return problem is null ? arguments : Refuse(context, problem);
    }

    public override Task<Result<TextFileFacts>> ReadAsync(BlockArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(TextFileFacts.Read(arguments.Path, arguments.Attributes, context, reader));

    public override TaskPlan Plan(BlockArguments arguments, TextFileFacts facts, ModuleContext context)
    {
        if (facts.State is { Kind: not FileKind.File })
        {
            return TaskPlan.Failure($"Path {facts.Path} is a directory !", ("rc", 256L));
        }

        if (facts.State is null && !arguments.Create)
        {
            return TaskPlan.Failure($"Path {facts.Path} does not exist !", ("rc", 257L));
        }

        try
        {
            var text = Edit(arguments, ByteText.Lines(facts.Text));
            var message = facts.State is null ? "File created"
                : text == facts.Text ? ""
                : arguments.Block.IsEmpty ? "Block removed"
                : "Block inserted";
            return new TextFilePlan(facts, context) { Backup = arguments.Backup, Validate = arguments.Validate }.Make(text, message, DictValue.Empty);
        }
        catch (TemplateException wrong)
        {
            return TaskPlan.Failure(wrong.Message);
        }
    }

    private static string Edit(BlockArguments arguments, List<string> lines)
    {
        var begin = lines.FindLastIndex(line => line.TrimEnd('\r', '\n') == arguments.Begin);
        var end = lines.FindLastIndex(line => line.TrimEnd('\r', '\n') == arguments.End);
        int at;
        if (begin >= 0 && end >= 0)
        {
            at = Math.Min(begin, end);
            lines.RemoveRange(at, Math.Abs(end - begin) + 1);
        }
        else
        {
            at = Place(arguments, lines);
        }

        // What is put in begins on a line of its own.
        if (at > 0 && !lines[at - 1].EndsWith('\n'))
        {
            lines[at - 1] += "\n";
        }

        if (!arguments.Block.IsEmpty)
        {
            lines.InsertRange(at, [arguments.Begin + "\n", .. arguments.Block, arguments.End + "\n"]);
        }

        return string.Concat(lines);
    }

    private static int Place(BlockArguments arguments, List<string> lines)
    {
        var after = arguments.InsertAfter is not null;
        var pattern = arguments.InsertAfter ?? arguments.InsertBefore!;
        if (pattern is "EOF" or "BOF" && after == (pattern == "EOF"))
        {
            return after ? lines.Count : 0;
        }

        var regex = ModuleRegex.Compile(pattern);
        var found = lines.FindLastIndex(line => regex.Search(line) is not null);
        return found < 0 ? lines.Count : after ? found + 1 : found;
    }
}

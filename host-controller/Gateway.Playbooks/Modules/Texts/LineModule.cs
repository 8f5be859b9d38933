using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.lineinfile: one line of a file.</summary>
public sealed class LineModule() : TaskModule<LineArguments, TextFileFacts>("lineinfile", Options, "ansible.builtin.lineinfile", "ansible.legacy.lineinfile")
{
    private const string EmptyPattern = "The regular expression is an empty string, which will match every line in the file. This may have unintended consequences, such as replacing the last line in the file "
        + "rather than appending. If this is desired, use '^' to match every line in the file and avoid this warning.";

    private static readonly ModuleSchema Options = new(
    [
        new Option("path", OptionType.Path) { IsWritten = true, Required = true, Aliases = ["dest", "destfile", "name"] },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("regexp") { Aliases = ["regex"] },
        new Option("search_string"),
        new Option("line") { Aliases = ["value"] },
        new Option("backrefs", OptionType.Boolean) { Default = false },
        new Option("insertafter"),
        new Option("insertbefore"),
        new Option("firstmatch", OptionType.Boolean) { Default = false },
        new Option("create", OptionType.Boolean) { Default = false },
        new Option("backup", OptionType.Boolean) { Default = false },
        new Option("validate") { IsProgram = true },
        .. FileAttributes.Options,
    ])
    {
        Exclusive = [["insertbefore", "insertafter"], ["regexp", "search_string"], ["backrefs", "search_string"]],
        NotSupported = FileAttributes.NotSupported,
    };

    public override Result<LineArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (validate, problem) = ValidateCommand.Read(options);
        string? Bytes(string name) => options.Text(name) is { } text ? ByteText.Of(text) : null;
        var present = options.TextOf("state") == "present";
        var arguments = new LineArguments(options.TextOf("path"), Bytes("line"), FileAttributes.Of(options))
        {
            Present = present,
            Pattern = Bytes("regexp"),
            SearchText = Bytes("search_string"),
            UseGroups = options.Is("backrefs"),
            InsertAfter = Bytes("insertafter") ?? (Bytes("insertbefore") is null ? "EOF" : null),
            InsertBefore = Bytes("insertbefore"),
            FirstMatch = options.Is("firstmatch"),
            Create = options.Is("create"),
            Backup = options.Is("backup"),
            Validate = validate,
        };
        problem ??= Missing(arguments)
            ?? ModuleRegex.Problem(arguments.Pattern)
            ?? ModuleRegex.Problem(arguments.InsertAfter)
            ?? ModuleRegex.Problem(arguments.InsertBefore);
        return problem is null ? arguments : Refuse(context, problem);
    }

    public override Task<Result<TextFileFacts>> ReadAsync(LineArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(TextFileFacts.Read(arguments.Path, arguments.Attributes, context, reader));

    public override TaskPlan Plan(LineArguments arguments, TextFileFacts facts, ModuleContext context)
    {
        if (facts.State is { Kind: not FileKind.File })
        {
            return TaskPlan.Failure($"Path {facts.Path} is a directory !", ("rc", 256L));
        }

        if (facts.State is null && !(arguments.Present && arguments.Create))
        {
            return arguments.Present ? TaskPlan.Failure($"Destination {facts.Path} does not exist !", ("rc", 257L)) : TaskPlan.Nothing(Results.Of(("msg", "file not present")));
        }

        try
        {
            return Edit(arguments, facts, context);
        }
        catch (TemplateException wrong)
        {
            return TaskPlan.Failure(wrong.Message);
        }
    }

    private static TaskPlan Edit(LineArguments arguments, TextFileFacts facts, ModuleContext context)
    {
        var lines = ByteText.Lines(facts.Text);
        var edit = new LineEdit(arguments, lines);
        var result = Results.Of(("backup", ""));
        string message;
        if (arguments.Present)
        {
            message = edit.Present();
        }
        else
        {
            var removed = edit.Absent();
            message = removed > 0 ? $"{removed} line(s) removed" : "";
            result = result.With("found", (long)removed);
        }

        var plan = new TextFilePlan(facts, context) { Backup = arguments.Backup, Validate = arguments.Validate, BackupKey = "backup" };
        return plan.Make(string.Concat(lines), message, result) with { Warnings = arguments is { Present: true, Pattern: "" } ? [EmptyPattern] : [] };
    }

    private static string? Missing(LineArguments arguments) =>
        arguments is { Present: true, UseGroups: true, Pattern: null } ? "regexp is required with backrefs=true"
        : arguments is { Present: true, Line: null } ? "line is required with state=present"
        : arguments is { Present: false, Line: null, Pattern: null, SearchText: null } ? "one of line, search_string, or regexp is required with state=absent"
        : null;
}

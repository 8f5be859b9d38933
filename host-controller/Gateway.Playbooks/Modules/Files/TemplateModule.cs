using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>template</c> task asks for.</summary>
/// <param name="Source">A file in <c>templates/</c> beside the playbook, or beside it.</param>
/// <param name="Options">How it is read.</param>
/// <param name="NewLine">What ends the lines that are written.</param>
/// <param name="Copy">Where the text goes, as for <c>copy</c>.</param>
public sealed record TemplateArguments(string Source, TemplateOptions Options, string NewLine, CopyArguments Copy);

/// <summary>ansible.builtin.template: a file made from a template.</summary>
public sealed class TemplateModule() : TaskModule<TemplateArguments, CopyFacts>("template", Options, "ansible.builtin.template", "ansible.legacy.template")
{
    private const long LargestTemplate = 4L * 1024 * 1024;

    private static readonly ModuleSchema Options = new(
    [
        new Option("src") { Required = true },
        new Option("dest", OptionType.Path) { IsWritten = true, Required = true },
        new Option("backup", OptionType.Boolean) { Default = false },
        new Option("force", OptionType.Boolean) { Default = true },
        new Option("follow", OptionType.Boolean) { Default = false },
        new Option("validate") { IsProgram = true },
        new Option("newline_sequence") { Default = "\n", Choices = ["\n", "\r", "\r\n", "\\n", "\\r", "\\r\\n"] },
        new Option("block_start_string") { Default = "{%" },
        new Option("block_end_string") { Default = "%}" },
        new Option("variable_start_string") { Default = "{{" },
        new Option("variable_end_string") { Default = "}}" },
        new Option("comment_start_string") { Default = "{#" },
        new Option("comment_end_string") { Default = "#}" },
        new Option("trim_blocks", OptionType.Boolean) { Default = true },
        new Option("lstrip_blocks", OptionType.Boolean) { Default = false },
        new Option("output_encoding") { Default = "utf-8", Choices = ["utf-8", "utf8", "UTF-8"] },
        .. FileAttributes.Options,
    ])
    {
        NotSupported = FileAttributes.NotSupported,
        PlaybookFile = "src",
    };

    public override Result<TemplateArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (validate, problem) = ValidateCommand.Read(options);
        if (problem is not null)
        {
            return Refuse(context, problem);
        }

        var template = TemplateOptions.File with
        {
            TrimBlocks = options.Is("trim_blocks"),
            LstripBlocks = options.Is("lstrip_blocks"),
            BlockStart = options.TextOf("block_start_string"),
            BlockEnd = options.TextOf("block_end_string"),
            VariableStart = options.TextOf("variable_start_string"),
            VariableEnd = options.TextOf("variable_end_string"),
            CommentStart = options.TextOf("comment_start_string"),
            CommentEnd = options.TextOf("comment_end_string"),
        };
        var newLine = options.TextOf("newline_sequence").Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal);
        return new TemplateArguments(options.TextOf("src"), template, newLine, new CopyArguments(null, options.TextOf("src"), options.TextOf("dest"), FileAttributes.Of(options))
        {
            Backup = options.Is("backup"),
            Force = options.Is("force"),
            Follow = options.Is("follow"),
            Validate = validate,
        });
    }

    public override Task<Result<CopyFacts>> ReadAsync(TemplateArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(Read(arguments, context, reader));

    public override TaskPlan Plan(TemplateArguments arguments, CopyFacts facts, ModuleContext context) => CopyPlans.Plan(arguments.Copy, facts, context);

    private static Result<CopyFacts> Read(TemplateArguments arguments, ModuleContext context, IHostReader reader)
    {
        var source = Expansion.Of(arguments.Source, reader, context);
        if (!reader.PlaybookFile(source, LargestTemplate, "templates").TryGet(out var file, out var wrong))
        {
            return wrong;
        }

        var variables = new TemplateVariables(file, arguments.Copy.Destination, context.Variables, reader);
        return TemplateText.Render(Encoding.UTF8.GetString(file.Content.Span), Position.Of(source), context, arguments.Options, arguments.NewLine, variables).Then<CopyFacts>(text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return CopyReader.Read(arguments.Copy, new CopySource(file.Path, file.State, Hashes.Sha1(bytes), bytes), context, reader);
        });
    }
}

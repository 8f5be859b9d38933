using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>replace</c> task asks for.</summary>
public sealed record ReplaceArguments(string Path, string Pattern, string Replacement, FileAttributes Attributes)
{
    public string? After { get; init; }

    public string? Before { get; init; }

    public bool Backup { get; init; }

    public ImmutableArray<string> Validate { get; init; } = [];
}

/// <summary>ansible.builtin.replace: every match of a pattern in a file.</summary>
public sealed class ReplaceModule() : TaskModule<ReplaceArguments, TextFileFacts>("replace", Options, "ansible.builtin.replace", "ansible.legacy.replace")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("path", OptionType.Path) { IsWritten = true, Required = true, Aliases = ["dest", "destfile", "name"] },
        new Option("regexp") { Required = true },
        new Option("replace") { Default = "" },
        new Option("after"),
        new Option("before"),
        new Option("backup", OptionType.Boolean) { Default = false },
        new Option("validate") { IsProgram = true },
        new Option("encoding") { Default = "utf-8", Choices = ["utf-8", "utf8", "UTF-8"] },
        .. FileAttributes.Options,
    ])
    {
        NotSupported = FileAttributes.NotSupported,
    };

    public override Result<ReplaceArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (validate, problem) = ValidateCommand.Read(options);
        var arguments = new ReplaceArguments(options.TextOf("path"), options.TextOf("regexp"), options.TextOf("replace"), FileAttributes.Of(options))
        {
            After = options.Text("after") is { Length: > 0 } after ? after : null,
            Before = options.Text("before") is { Length: > 0 } before ? before : null,
            Backup = options.Is("backup"),
            Validate = validate,
        };
        problem ??= ModuleRegex.Problem(arguments.Pattern) ?? ModuleRegex.Problem(Section(arguments));
        return problem is null ? arguments : Refuse(context, problem);
    }

    public override Task<Result<TextFileFacts>> ReadAsync(ReplaceArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(TextFileFacts.Read(arguments.Path, arguments.Attributes, context, reader));

    public override TaskPlan Plan(ReplaceArguments arguments, TextFileFacts facts, ModuleContext context)
    {
        if (facts.State is { Kind: not FileKind.File })
        {
            return TaskPlan.Failure($"Path {facts.Path} is a directory !", ("rc", 256L));
        }

        if (facts.State is null)
        {
            return TaskPlan.Failure($"Path {facts.Path} does not exist !", ("rc", 257L));
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

    private static TaskPlan Edit(ReplaceArguments arguments, TextFileFacts facts, ModuleContext context)
    {
        // Patterns are about characters, not bytes; where .NET has two for one, or the file is not UTF-8, bytes must do.
        var text = ByteText.Shown(facts.Text);
        var isBytes = text.Any(char.IsSurrogate) || ByteText.Of(text) != facts.Text;
        string Form(string given) => isBytes ? ByteText.Of(given) : given;
        text = isBytes ? facts.Text : text;
        var result = Results.Of(("rc", 0L));
        var (start, length) = (0, text.Length);
        if (Section(arguments) is { } section)
        {
            var regex = ModuleRegex.Compile(Form(section));
            if (regex.Search(text) is not { } match)
            {
                return TaskPlan.Nothing(result.With("msg", $"Pattern for before/after params did not match the given file: {section[4..]}"));
            }

            var part = regex.Named(match, "subsection");
            (start, length) = (part.Index, part.Length);
        }

        var (replaced, count) = ModuleRegex.Compile(Form(arguments.Pattern), multiline: true).Replace(text.Substring(start, length), Form(arguments.Replacement));
        var whole = string.Concat(text.AsSpan(0, start), replaced, text.AsSpan(start + length));
        var message = count > 0 && whole != text ? $"{count} replacements made" : "";
        return new TextFilePlan(facts, context) { Backup = arguments.Backup, Validate = arguments.Validate, HasAttributeDiff = false }
            .Make(isBytes ? whole : ByteText.Of(whole), message, result);
    }

    /// <summary>The pattern whose group <c>subsection</c> is what is looked at; null for the whole file.</summary>
    private static string? Section(ReplaceArguments arguments) => (arguments.After, arguments.Before) switch
    {
        (null, null) => null,
        ({ } after, null) => $"(?s){after}(?P<subsection>.*)",
        (null, { } before) => $"(?s)(?P<subsection>.*){before}",
        var (after, before) => $"(?s){after}(?P<subsection>.*?){before}",
    };
}

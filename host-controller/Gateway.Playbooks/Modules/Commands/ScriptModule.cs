using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>script</c> task asks for.</summary>
/// <param name="Words">The script beside the playbook, and its arguments.</param>
public sealed record ScriptArguments(ImmutableArray<string> Words)
{
    public ImmutableArray<string> Interpreter { get; init; } = [];

    public string? Directory { get; init; }

    public string? Creates { get; init; }

    public string? Removes { get; init; }
}

/// <summary>What a <c>script</c> task depends on.</summary>
public sealed record ScriptFacts(ReadOnlyMemory<byte> Content, string? Directory)
{
    /// <summary>Why it is not to run; null when it is.</summary>
    public string? NotNeeded { get; init; }
}

/// <summary>ansible.builtin.script: runs a script that lies beside the playbook.</summary>
public sealed class ScriptModule() : TaskModule<ScriptArguments, ScriptFacts>("script", Options, "ansible.builtin.script", "ansible.legacy.script")
{
    private const long Largest = 4L * 1024 * 1024;

    private static readonly ModuleSchema Options = new(
    [
        new Option("_raw_params") { Aliases = ["cmd"], Required = true },
        new Option("chdir", OptionType.Path),
        new Option("creates", OptionType.Path),
        new Option("removes", OptionType.Path),
        new Option("executable") { IsProgram = true },
    ])
    {
        FreeForm = "_raw_params",
        IsCommand = true,
        NotSupported = ["decrypt"],
        PlaybookFile = "_raw_params",
    };

    public override Result<ScriptArguments> Parse(OptionValues options, ModuleContext context)
    {
        if (!ShellWords.TrySplit(options.TextOf("_raw_params"), out var words, out var problem) || words.IsEmpty)
        {
            return Refuse(context, problem ?? "no script given");
        }

        var interpreter = ImmutableArray<string>.Empty;
        if (options.Text("executable") is { } executable && !ShellWords.TrySplit(executable, out interpreter, out problem))
        {
            return Refuse(context, problem);
        }

        return new ScriptArguments(words)
        {
            Interpreter = interpreter,
            Directory = options.Text("chdir"),
            Creates = options.Text("creates"),
            Removes = options.Text("removes"),
        };
    }

    public override Task<Result<ScriptFacts>> ReadAsync(ScriptArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        string? Expand(string? path) => path is null ? null : Expansion.Of(path, reader, context);
        var (creates, removes) = (Expand(arguments.Creates), Expand(arguments.Removes));
        var reason = creates is not null && reader.AnyMatch(creates) ? $"{creates} exists, matching creates option"
            : removes is not null && !reader.AnyMatch(removes) ? $"{removes} does not exist, matching removes option"
            : null;
        var directory = Expand(arguments.Directory);
        if (directory is not null && reader.Stat(directory, follow: true) is not { Kind: FileKind.Directory })
        {
            return Task.FromResult<Result<ScriptFacts>>(Refuse(context, $"'chdir: {directory}' is no folder"));
        }

        return Task.FromResult(reader.PlaybookFile(Expansion.Of(arguments.Words[0], reader, context), Largest)
            .Then<ScriptFacts>(file => new ScriptFacts(file.Content, directory) { NotNeeded = reason }));
    }

    public override TaskPlan Plan(ScriptArguments arguments, ScriptFacts facts, ModuleContext context)
    {
        if (facts.NotNeeded is { } reason)
        {
            return TaskPlan.Nothing(Results.Of(("skipped", true), ("changed", false), ("msg", reason)));
        }

        var would = arguments.Creates is not null || arguments.Removes is not null
            ? Results.Of(("changed", true))
            : Results.Of(("skipped", true), ("changed", false), ("msg", "Check mode is not supported for this task."));
        var run = new RunScript(facts.Content, arguments.Words[1..]) { Interpreter = arguments.Interpreter, Environment = context.Environment, WorkingDirectory = facts.Directory };
        return new TaskPlan([run], would) { Report = outcomes => Report(outcomes[0]) };
    }

    private static DictValue Report(ChangeOutcome outcome)
    {
        var result = Results.Of(("changed", true), ("rc", (long)(outcome.ExitCode ?? 127)), ("stdout", outcome.StandardOutput), ("stderr", outcome.StandardError));
        return outcome.Error is null ? result
            : outcome.ExitCode is null ? result.With("failed", true).With("msg", outcome.Error)
            : result.With("failed", true).With("msg", "non-zero return code");
    }
}

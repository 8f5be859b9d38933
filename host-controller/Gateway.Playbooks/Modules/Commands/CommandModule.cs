using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.command: runs a program, not through a shell.</summary>
public sealed class CommandModule() : ProcessModule("command", isShell: false, "ansible.builtin.command", "ansible.legacy.command");

/// <summary>ansible.builtin.shell: runs a text through <c>/bin/sh</c>.</summary>
public sealed class ShellModule() : ProcessModule("shell", isShell: true, "ansible.builtin.shell", "ansible.legacy.shell");

/// <summary>What <c>command</c> and <c>shell</c> have in common.</summary>
public abstract class ProcessModule : TaskModule<CommandArguments, CommandFacts>
{
    private static readonly ImmutableArray<Option> Common =
    [
        new Option("_raw_params") { Aliases = ["cmd"] },
        new Option("chdir", OptionType.Path),
        new Option("creates", OptionType.Path),
        new Option("removes", OptionType.Path),
        new Option("executable"),
        new Option("stdin"),
        new Option("stdin_add_newline", OptionType.Boolean) { Default = true },
        new Option("strip_empty_ends", OptionType.Boolean) { Default = true },
    ];

    private readonly bool isShell;

    private protected ProcessModule(string name, bool isShell, params ImmutableArray<string> otherNames)
        : base(name, Options(isShell), otherNames) => this.isShell = isShell;

    public override Result<CommandArguments> Parse(OptionValues options, ModuleContext context)
    {
        var text = options.Text("_raw_params");
        var argv = options.Texts("argv");
        var executable = options.Text("executable");
        ImmutableArray<string> words = argv;
        if (isShell)
        {
            words = [executable ?? "/bin/sh", "-c", text ?? ""];
        }
        else if (!string.IsNullOrWhiteSpace(text) && !ShellWords.TrySplit(text, out words, out var problem))
        {
            return Refuse(context, problem);
        }

        return new CommandArguments(words, isShell ? text ?? "" : Results.List(words))
        {
            IsShell = isShell,
            Directory = options.Text("chdir"),
            Creates = options.Text("creates"),
            Removes = options.Text("removes"),
            StandardInput = options.Text("stdin"),
            AddNewline = options.Is("stdin_add_newline"),
            Strip = options.Is("strip_empty_ends"),
            Warnings = !isShell && executable is not null
                ? [$"As of Ansible 2.4, the parameter 'executable' is no longer supported with the 'command' module. Not using '{executable}'."]
                : [],
        };
    }

    public override Task<Result<CommandFacts>> ReadAsync(CommandArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        string Expand(string text) => Expansion.Of(text, reader, context);
        var directory = arguments.Directory is { } chdir ? Expand(chdir) : null;
        var creates = Beside(directory, Expand(arguments.Creates ?? ""));
        var removes = Beside(directory, Expand(arguments.Removes ?? ""));
        return Task.FromResult<Result<CommandFacts>>(new CommandFacts(
            arguments.IsShell ? arguments.Words : [.. arguments.Words.Select(Expand)],
            directory,
            directory is null || reader.Stat(directory, follow: true) is { Kind: FileKind.Directory } ? null : NoDirectory(directory, reader),
            arguments.Creates is not null && reader.AnyMatch(creates),
            arguments.Removes is not null && reader.AnyMatch(removes))
        {
            Creates = Expand(arguments.Creates ?? ""),
            Removes = Expand(arguments.Removes ?? ""),
        });
    }

    public override TaskPlan Plan(CommandArguments arguments, CommandFacts facts, ModuleContext context)
    {
        var result = Results.Of(
            ("cmd", arguments.Command), ("delta", NullValue.None), ("end", NullValue.None), ("msg", ""), ("rc", NullValue.None), ("start", NullValue.None), ("stderr", ""), ("stdout", ""));
        if (facts.Words.Length == 0 || (arguments.IsShell && string.IsNullOrWhiteSpace(facts.Words[^1])))
        {
            return TaskPlan.Failure("no command given", ("rc", 256L), ("cmd", NullValue.None), ("stdout", ""), ("stderr", ""));
        }

        if (facts.DirectoryError is { } error)
        {
            return TaskPlan.Failure($"Unable to change directory before execution: {error}", ("rc", NullValue.None), ("cmd", arguments.Command), ("stderr", ""), ("stdout", ""));
        }

        if (NotNeeded(arguments, facts, context) is { } reason)
        {
            return TaskPlan.Nothing(WithLines(result.With("msg", reason.Message).With("stdout", reason.Output).With("rc", 0L))) with { Warnings = arguments.Warnings };
        }

        var checks = arguments.Creates is not null || arguments.Removes is not null;
        return new TaskPlan([Run(arguments, facts, context)], WouldRun(result, checks))
        {
            Report = outcomes => CommandReport.Of(arguments, outcomes[0]),
            Warnings = arguments.Warnings,
        };
    }

    internal static DictValue WithLines(DictValue result)
    {
        foreach (var stream in (ReadOnlySpan<string>)["stdout", "stderr"])
        {
            result.TryGet(stream, out var text);
            result = result.With(stream + "_lines", Results.List(PythonLines.Split(text?.ToString() ?? "")));
        }

        return result;
    }

    private static DictValue WouldRun(DictValue result, bool checks)
    {
        result = WithLines(result.With("rc", 0L).With("msg", "Command would have run if not in check mode"));
        return checks ? result.With("changed", true) : result.With("skipped", true).With("changed", false);
    }

    private static RunProcess Run(CommandArguments arguments, CommandFacts facts, ModuleContext context)
    {
        var input = arguments.StandardInput is not { } text ? "" : arguments.AddNewline ? text + "\n" : text;
        return new RunProcess(facts.Words[0], facts.Words[1..])
        {
            WorkingDirectory = facts.Directory,
            Environment = context.Environment,
            StandardInput = System.Text.Encoding.UTF8.GetBytes(input),
        };
    }

    private static (string Message, string Output)? NotNeeded(CommandArguments arguments, CommandFacts facts, ModuleContext context)
    {
        var did = context.Check ? "Would" : "Did";
        return arguments.Creates is not null && facts.CreatesExists
            ? ($"{did} not run command since '{facts.Creates}' exists", $"skipped, since {facts.Creates} exists")
            : arguments.Removes is not null && !facts.RemovesExists
                ? ($"{did} not run command since '{facts.Removes}' does not exist", $"skipped, since {facts.Removes} does not exist")
                : null;
    }

    private static string Beside(string? directory, string path) => directory is null || path.StartsWith('/') ? path : $"{directory.TrimEnd('/')}/{path}";

    private static string NoDirectory(string directory, IHostReader reader) => reader.Stat(directory, follow: true) is null
        ? $"[Errno 2] No such file or directory: b'{directory}'"
        : $"[Errno 20] Not a directory: b'{directory}'";

    private static ModuleSchema Options(bool isShell) => new([
        .. Common.Select(option => option.Name == (isShell ? "executable" : "_raw_params") ? option with { IsProgram = true } : option),
        .. isShell ? (ReadOnlySpan<Option>)[] : [new Option("argv", OptionType.Texts)],
    ])
    {
        FreeForm = "_raw_params",
        IsCommand = true,
        Exclusive = [["_raw_params", "argv"]],
        NotSupported = isShell ? ["argv", "expand_argument_vars", "warn"] : ["expand_argument_vars", "warn"],
    };
}

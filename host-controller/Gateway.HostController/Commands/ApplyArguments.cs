using System.Collections.Immutable;
using System.CommandLine;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;
using Gateway.HostController.Run;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Commands;

/// <summary>What <c>apply</c> is asked to do.</summary>
internal sealed class ApplyArguments
{
    private readonly Argument<string> file = new("FILE") { Description = "The playbook." };
    private readonly Option<string?> signature = VerifyCommand.SignatureOption();
    private readonly Option<bool> unsigned = new("--unsigned") { Description = "Take a playbook without signature and release block; files beside it may be used. For a person with root, at the machine." };
    private readonly Option<bool> check = new("--check") { Description = "Tell what would change, and change nothing." };
    private readonly Option<bool> diff = new("--diff") { Description = "Show changes before and after." };
    private readonly Option<string[]> tags = Several("--tags", "Only tasks with one of these tags.", "TAG,TAG");
    private readonly Option<string[]> skipTags = Several("--skip-tags", "No tasks with one of these tags.", "TAG,TAG");
    private readonly Option<string[]> extraVars = Several("--extra-vars", "Variables that win over all others: k=v, a YAML mapping, or @FILE.", "K=V|@FILE");
    private readonly Option<string> output = OutputOption.Create();

    /// <summary>The command with these arguments, without an action.</summary>
    public Command Command()
    {
        var command = new Command("apply", "Apply a playbook from a file. A signed one becomes the playbook in force, as if it had been fetched.")
        { file, signature, unsigned, check, diff, tags, skipTags, extraVars, output };
        command.Validators.Add(result =>
        {
            if (result.GetValue(unsigned) && result.GetValue(signature) is not null)
            {
                result.AddError("--unsigned and --signature exclude each other");
            }
        });
        return command;
    }

    public string File(ParseResult line) => line.GetRequiredValue(file);

    /// <summary>The signature's file; null for <c>--unsigned</c>.</summary>
    public string? Signature(ParseResult line) => line.GetValue(unsigned) ? null : line.GetValue(signature) ?? File(line) + ".asc";

    /// <summary>The same as words of a command line that can be given anywhere.</summary>
    public ImmutableArray<string> Again(ParseResult line) =>
    [
        "apply", Path.GetFullPath(File(line)),
        .. Signature(line) is { } asc ? (ReadOnlySpan<string>)["--signature", Path.GetFullPath(asc)] : ["--unsigned"],
        .. line.GetValue(diff) ? (ReadOnlySpan<string>)["--diff"] : [],
        .. Pairs("--tags", line.GetValue(tags)),
        .. Pairs("--skip-tags", line.GetValue(skipTags)),
        .. Pairs("--extra-vars", line.GetValue(extraVars)?.Select(given => given.StartsWith('@') ? "@" + Path.GetFullPath(given[1..]) : given)),
        "--output", line.GetRequiredValue(output),
    ];

    private static IEnumerable<string> Pairs(string option, IEnumerable<string>? values) => (values ?? []).SelectMany(value => new[] { option, value });

    public OutputForm Output(ParseResult line) => output.Get(line);

    /// <summary>How to run it, or what is wrong with the extra variables.</summary>
    public Result<RunOptions> Options(ParseResult line, bool verbose)
    {
        var variables = DictValue.Empty;
        foreach (var given in line.GetValue(extraVars) ?? [])
        {
            if (!Source(given).Then(ExtraVars.Parse).TryGet(out var more, out var failures))
            {
                return failures.Select(failure => failure with { Phase = Phase.Configuration }).ToImmutableArray();
            }

            variables = DictValue.Of(variables.Entries.Concat(more.Entries));
        }

        return new RunOptions
        {
            Check = line.GetValue(check),
            Diff = line.GetValue(diff),
            Tags = Split(line.GetValue(tags)),
            SkipTags = Split(line.GetValue(skipTags)),
            ExtraVars = variables,
            Verbosity = verbose ? 1 : 0,
        };
    }

    private static Option<string[]> Several(string name, string description, string help) => new(name)
    {
        Description = description + " May be repeated.",
        HelpName = help,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private static ImmutableArray<string> Split(string[]? given) =>
        [.. (given ?? []).SelectMany(tags => tags.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static Result<SourceText> Source(string given)
    {
        if (!given.StartsWith('@'))
        {
            return new SourceText("--extra-vars", System.Text.Encoding.UTF8.GetBytes(given));
        }

        var path = given[1..];
        if (!AtomicFile.ReadIfThere(path, SourceText.LargestDocument).TryGet(out var content, out var failures))
        {
            return failures;
        }

        return content is null ? new Failure(Phase.Configuration, path, "there is no such file (--extra-vars)") : new SourceText(path, content);
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>get_url</c> task asks for.</summary>
public sealed record GetUrlArguments(WebRequest Request, string Destination, FileAttributes Attributes)
{
    /// <summary>Whether it is fetched though it may not have changed.</summary>
    public bool Force { get; init; }

    public bool Backup { get; init; }

    public string? Algorithm { get; init; }

    /// <summary>The sum in lower-case digits, or the address of a list of sums.</summary>
    public string? Sum { get; init; }
}

/// <summary>What a <c>get_url</c> task depends on.</summary>
/// <param name="Path">The file, or the folder the file goes to.</param>
/// <param name="State">What stands there; null for nothing.</param>
/// <param name="Sum">The file's sum, where the task names one.</param>
/// <param name="Expected">The sum it shall have; null for any.</param>
/// <param name="Wanted">Owner, group and mode.</param>
/// <param name="Probe">In check mode, what the server says of it.</param>
public sealed record GetUrlFacts(string Path, FileState? State, string? Sum, string? Expected, WantedAttributes Wanted, WebAnswer? Probe);

/// <summary>ansible.builtin.get_url: a file from a web server, whole or not at all.</summary>
public sealed partial class GetUrlModule() : TaskModule<GetUrlArguments, GetUrlFacts>("get_url", Options, "ansible.builtin.get_url", "ansible.legacy.get_url")
{
    private const int LargestSums = 4 * 1024 * 1024;

    private static readonly ModuleSchema Options = new(
    [
        new Option("url") { Required = true },
        new Option("dest", OptionType.Path) { IsWritten = true, Required = true },
        new Option("checksum") { Default = "" },
        new Option("force", OptionType.Boolean) { Default = false, Aliases = ["thirsty"] },
        new Option("backup", OptionType.Boolean) { Default = false },
        new Option("timeout", OptionType.Integer) { Default = 10L },
        .. WebOptions.All,
        .. FileAttributes.Options,
    ])
    {
        NotSupported = [.. FileAttributes.NotSupported, .. WebOptions.NotSupported, "tmp_dest", "sha256sum"],
    };

    public override Result<GetUrlArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (request, problem) = WebOptions.Read(options, options.Integer("timeout") ?? 10, "all");
        var checksum = options.TextOf("checksum");
        var at = checksum.IndexOf(':', StringComparison.Ordinal);
        var (algorithm, sum) = at < 0 ? (null, null) : (checksum[..at].ToLowerInvariant(), checksum[(at + 1)..].Trim());
        problem ??= checksum.Length == 0 ? null
            : algorithm is null ? "The checksum parameter has to be in format <algorithm>:<checksum>"
            : !StatResult.Algorithms.Contains(algorithm) ? $"checksum algorithm '{algorithm}' is not supported: use one of {string.Join(", ", StatResult.Algorithms)}"
            : IsAddress(sum!) || Hexadecimal().IsMatch(sum!) ? null
            : "The checksum format is invalid";
        return problem is not null ? Refuse(context, problem) : new GetUrlArguments(request, options.TextOf("dest"), FileAttributes.Of(options))
        {
            Force = options.Is("force"),
            Backup = options.Is("backup"),
            Algorithm = algorithm,
            Sum = sum is null || IsAddress(sum) ? sum : sum.ToLowerInvariant(),
        };
    }

    public override async Task<Result<GetUrlFacts>> ReadAsync(GetUrlArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var path = Expansion.Of(arguments.Destination, reader, context);
        var state = reader.Stat(path, follow: true);
        var (expected, wrong) = await ExpectedAsync(arguments, reader, cancellation);
        if (wrong is not null)
        {
            return new Failure(Phase.Observe, arguments.Request.Url, wrong);
        }

        var sum = state is { Kind: FileKind.File } && arguments.Algorithm is { } algorithm && reader.Sum(path, algorithm).TryGet(out var here, out _) ? here : null;
        var probe = context.Check ? await reader.AskAsync(arguments.Request with { Method = "HEAD" }, 0, cancellation) : null;
        return new GetUrlFacts(path, state, sum, expected, arguments.Attributes.Resolve(reader), probe);
    }

    public override TaskPlan Plan(GetUrlArguments arguments, GetUrlFacts facts, ModuleContext context)
    {
        var result = Results.Of(("url", arguments.Request.Url), ("dest", facts.Path), ("elapsed", 0L));
        if (facts.Wanted.Problem is { } problem)
        {
            return TaskPlan.Failure(problem, ("path", facts.Path));
        }

        var isFile = facts.State is { Kind: not FileKind.Directory };
        var matches = isFile && facts.Expected is not null && facts.Sum == facts.Expected;
        if (matches && !arguments.Force)
        {
            var attributes = new AttributePlan(facts.Path);
            attributes.Adjust(facts.Path, facts.State!, facts.Wanted);
            var message = attributes.Changes.Count > 0 ? "file already exists but file attributes changed" : "file already exists";
            return new TaskPlan([.. attributes.Changes], result.With("msg", message).With("checksum_src", NullValue.None).With("checksum_dest", NullValue.None)) { PathInfo = facts.Path };
        }

        if (facts.Probe is { } probe)
        {
            return probe.Status is 200 or 0
                ? TaskPlan.Nothing(result.With("changed", true).With("msg", probe.Message))
                : new TaskPlan([], Refused(probe, result)) { IsFailure = true };
        }

        var known = isFile && !arguments.Force && facts.Expected is null ? facts.State!.Modified : (DateTimeOffset?)null;
        var download = new Download(arguments.Request with { Known = known }, facts.Path)
        {
            Attributes = facts.Wanted,
            Backup = arguments.Backup,
            Algorithm = arguments.Algorithm,
            Sum = facts.Expected,
        };
        return new TaskPlan([download], result) { Report = outcomes => Report(result, outcomes[0]), DescribesResult = true };
    }

    private static DictValue Report(DictValue result, ChangeOutcome outcome)
    {
        if (outcome.Error is { } error)
        {
            return outcome.Answer is { } refused && refused.Status is not (200 or 0 or 304) ? Refused(refused, result)
                : outcome.Sum is null ? result.With("failed", true).With("msg", error)
                : Sums(result, outcome).With("dest", outcome.Note!).With("changed", outcome.IsAltered).With("failed", true).With("msg", error);
        }

        result = result.With("dest", outcome.Note!).With("changed", outcome.IsAltered).With("msg", outcome.Answer!.Message).With("elapsed", (long)outcome.Answer.Elapsed.TotalSeconds)
            .With("status_code", outcome.Answer.Status > 0 ? outcome.Answer.Status : NullValue.None);
        result = outcome.BackupFile is { } backup ? result.With("backup_file", backup) : result;
        return outcome.Answer.Status == 304 ? result : Sums(result, outcome);
    }

    private static DictValue Sums(DictValue result, ChangeOutcome outcome) =>
        result.With("checksum_src", outcome.Sum!).With("checksum_dest", outcome.SumBefore is { } before ? before : NullValue.None);

    private static DictValue Refused(WebAnswer answer, DictValue result) => answer.Status == -1
        ? result.With("failed", true).With("msg", answer.Message)
        : result.With("failed", true).With("msg", "Request failed").With("status_code", (long)answer.Status).With("response", answer.Message);

    private static async Task<(string? Sum, string? Wrong)> ExpectedAsync(GetUrlArguments arguments, IHostReader reader, CancellationToken cancellation)
    {
        if (arguments.Sum is not { } sum || !IsAddress(sum))
        {
            return (arguments.Sum, null);
        }

        var answer = await reader.AskAsync(arguments.Request with { Url = sum }, LargestSums, cancellation);
        if (answer.Status is not (200 or 0))
        {
            return (null, $"the list of sums {sum} could not be fetched: {answer.Message}");
        }

        var name = Folders.Name(new Uri(arguments.Request.Url).AbsolutePath);
        var lines = Encoding.UTF8.GetString(answer.Body.Span).Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0).ToList();
        var found = lines is [{ Length: 1 } only] ? only
            : lines.FirstOrDefault(words => words.Length == 2 && Folders.Name(words[1].TrimStart('*')) == Uri.UnescapeDataString(name));
        return found is not null && Hexadecimal().IsMatch(found[0])
            ? (found[0].ToLowerInvariant(), null)
            : (null, $"Unable to find a checksum for file '{name}' in '{sum}'");
    }

    private static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal);

    [GeneratedRegex("^[0-9A-Fa-f]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Hexadecimal();
}

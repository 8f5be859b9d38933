using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What an <c>unarchive</c> task asks for.</summary>
/// <param name="Source">A file beside the playbook, a path of the machine, or an address.</param>
/// <param name="Destination">The folder it is unpacked into.</param>
/// <param name="Attributes">Owner, group and mode of what was unpacked.</param>
public sealed record UnarchiveArguments(string Source, string Destination, FileAttributes Attributes)
{
    public bool RemoteSource { get; init; }

    /// <summary>The request when the source is an address.</summary>
    public WebRequest? Request { get; init; }

    public string? Creates { get; init; }

    public bool ListFiles { get; init; }

    public bool KeepNewer { get; init; }

    public ImmutableArray<string> Exclude { get; init; } = [];

    public ImmutableArray<string> Include { get; init; } = [];

    public ImmutableArray<string> Extra { get; init; } = [];

    /// <summary>Where an archive that comes from an address lies while it is unpacked.</summary>
    internal string Fetched => $"/var/tmp/unarchive-{Hashes.Sha1(System.Text.Encoding.UTF8.GetBytes(Source))}";
}

/// <summary>What an <c>unarchive</c> task depends on.</summary>
/// <param name="Source">The archive, a path on this machine; null when it is still to be fetched.</param>
/// <param name="Destination">The folder.</param>
/// <param name="Folder">What stands there.</param>
/// <param name="Wanted">Owner, group and mode.</param>
public sealed record UnarchiveFacts(string? Source, string Destination, FileState? Folder, WantedAttributes Wanted)
{
    /// <summary>The archive's handler; null when none knows it.</summary>
    public string? Handler { get; init; }

    /// <summary>What the archive holds, folders with a slash at the end.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>What differs between archive and folder; empty when nothing does.</summary>
    public string Differences { get; init; } = "";

    /// <summary>What is there already of it.</summary>
    public ImmutableArray<TreeEntry> Entries { get; init; } = [];

    /// <summary>Why nothing is to be done; null when it is.</summary>
    public string? NotNeeded { get; init; }

    public string? Problem { get; init; }

    /// <summary>The folder as programs are given it.</summary>
    public string Target { get; init; } = "";
}

/// <summary>ansible.builtin.unarchive: what is in an archive, in a folder. tar and unzip do it.</summary>
public sealed class UnarchiveModule() : TaskModule<UnarchiveArguments, UnarchiveFacts>("unarchive", Options, "ansible.builtin.unarchive", "ansible.legacy.unarchive")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("src") { Required = true },
        new Option("dest", OptionType.Path) { IsWritten = true, Required = true },
        new Option("remote_src", OptionType.Boolean) { Default = false },
        new Option("copy", OptionType.Boolean) { Default = true },
        new Option("creates", OptionType.Path),
        new Option("list_files", OptionType.Boolean) { Default = false },
        new Option("keep_newer", OptionType.Boolean) { Default = false },
        new Option("exclude", OptionType.Texts) { Default = ListValue.Empty },
        new Option("include", OptionType.Texts) { Default = ListValue.Empty },
        new Option("extra_opts", OptionType.Texts) { Default = ListValue.Empty },
        new Option("validate_certs", OptionType.Boolean) { Default = true },
        .. FileAttributes.Options,
    ])
    {
        NotSupported = [.. FileAttributes.NotSupported, "decrypt", "io_buffer_size"],
        PlaybookFile = "src",
    };

    public override Result<UnarchiveArguments> Parse(OptionValues options, ModuleContext context)
    {
        var source = options.TextOf("src");
        var isAddress = source.Contains("://", StringComparison.Ordinal);
        var remote = options.Is("remote_src") || !options.Is("copy");
        if (isAddress && (!remote || !Uri.TryCreate(source, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "file")))
        {
            return Refuse(context, remote ? $"'{source}' is no http, https or file address" : "an address as 'src' needs 'remote_src: true'");
        }

        return options.Texts("exclude").Length > 0 && options.Texts("include").Length > 0
            ? Refuse(context, "include and exclude are mutually exclusive")
            : new UnarchiveArguments(source, options.TextOf("dest"), FileAttributes.Of(options))
            {
                RemoteSource = remote,
                Request = isAddress ? new WebRequest(source) { ValidateCertificates = options.Is("validate_certs"), Redirects = "all", Timeout = TimeSpan.FromMinutes(1) } : null,
                Creates = options.Text("creates"),
                ListFiles = options.Is("list_files"),
                KeepNewer = options.Is("keep_newer"),
                Exclude = options.Texts("exclude"),
                Include = options.Texts("include"),
                Extra = options.Texts("extra_opts"),
            };
    }

    public override Task<Result<UnarchiveFacts>> ReadAsync(UnarchiveArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        ArchiveReader.ReadAsync(arguments, context, reader, cancellation);

    public override TaskPlan Plan(UnarchiveArguments arguments, UnarchiveFacts facts, ModuleContext context)
    {
        if (facts.NotNeeded is { } reason)
        {
            return TaskPlan.Nothing(Results.Of(("skipped", true), ("changed", false), ("msg", reason)));
        }

        if ((facts.Problem ?? facts.Wanted.Problem) is { } problem)
        {
            return TaskPlan.Failure(problem);
        }

        if (facts.Source is null)
        {
            return context.Check
                ? TaskPlan.Nothing(Results.Of(("changed", true), ("dest", facts.Destination), ("src", arguments.Source)))
                : new TaskPlan([new Download(arguments.Request!, arguments.Fetched)], DictValue.Empty)
                {
                    PlanAgain = true,
                    Report = outcomes => outcomes[0].Error is null ? DictValue.Empty
                        : Results.Of(("failed", true), ("msg", $"Failure downloading {arguments.Source}, {outcomes[0].Answer?.Message ?? outcomes[0].Error}")),
                };
        }

        return Extraction(arguments, facts, context);
    }

    /// <summary>What the program said that unpacked it.</summary>
    private static DictValue Extracted(DictValue result, List<Change> changes, ImmutableArray<ChangeOutcome> outcomes) => changes is [RunProcess run, ..]
        ? result.With("extract_results", Results.Of(
            ("cmd", Results.List([$"/usr/bin/{run.Program}", .. run.Arguments])), ("rc", 0L), ("out", outcomes[0].StandardOutput), ("err", outcomes[0].StandardError)))
        : result;

    private static TaskPlan Extraction(UnarchiveArguments arguments, UnarchiveFacts facts, ModuleContext context)
    {
        var attributes = new AttributePlan(facts.Destination);
        var changes = new List<Change>();
        if (facts.Differences.Length > 0)
        {
            changes.Add(ArchiveCommands.Extract(arguments, facts));
        }
        else
        {
            foreach (var entry in facts.Entries)
            {
                attributes.Adjust(entry.Path, entry.State, facts.Wanted, quiet: true);
            }

            changes.AddRange(attributes.Changes);
        }

        if (context.Check && facts.Handler != ArchiveCommands.Zip)
        {
            return TaskPlan.Nothing(Results.Of(("skipped", true), ("changed", false), ("msg", "remote module (ansible.legacy.unarchive) does not support check mode when using gtar")));
        }

        var result = Results.Of(("handler", facts.Handler!), ("dest", facts.Destination), ("src", facts.Source!));
        result = arguments.ListFiles ? result.With("files", Results.List(facts.Names)) : result;
        result = context.Diff ? result.With("diff", Results.Of(("prepared", facts.Differences))) : result;
        if (arguments.Request is not null && !context.Check)
        {
            changes.Add(new RemovePath(arguments.Fetched));
            result = result.With("changed", changes.Count > 1);
        }

        // What was unpacked is known only now: its owner and mode are set from outside tar, in the same task.
        if (facts.Differences.Length > 0 && facts.Wanted is not { Uid: null, Gid: null, Mode: null })
        {
            var tops = facts.Names.Where(name => name.Contains('/', StringComparison.Ordinal)).Select(name => name.Split('/')[0]);
            changes.Add(new SetAttributes([.. facts.Names.Concat(tops).Select(name => Folders.In(facts.Destination, name.TrimEnd('/'))).Distinct(StringComparer.Ordinal)], facts.Wanted));
        }

        return new TaskPlan([.. changes], result)
        {
            PathInfo = facts.Destination,
            Report = outcomes => outcomes[^1].Error is null ? Extracted(result.TryGet("changed", out _) ? result : result.With("changed", true), changes, outcomes)
                : Results.Failed(outcomes[^1], $"failed to unpack {facts.Source} to {facts.Destination}: {outcomes[^1].StandardError}{(outcomes[^1].ExitCode is null ? outcomes[^1].Error : "")}").With("handler", facts.Handler!),
        };
    }
}

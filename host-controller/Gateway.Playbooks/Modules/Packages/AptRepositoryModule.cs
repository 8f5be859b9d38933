using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What an <c>apt_repository</c> task asks for.</summary>
/// <param name="Line">One line of sources.list(5).</param>
/// <param name="Present">Whether it shall be there.</param>
/// <param name="Path">The file it goes to, unless another has it.</param>
/// <param name="Mode">That file's mode; null for 0644.</param>
public sealed record RepositoryArguments(string Line, bool Present, string Path, Value? Mode)
{
    /// <summary>Whether the lists are fetched after a change.</summary>
    public bool UpdatesLists { get; init; }
}

/// <summary>What an <c>apt_repository</c> task depends on.</summary>
/// <param name="Files">Every list of sources: its path, its lines.</param>
/// <param name="Umask">The file mode creation mask.</param>
public sealed record RepositoryFacts(ImmutableArray<KeyValuePair<string, ImmutableArray<string>>> Files, int Umask);

/// <summary>ansible.builtin.apt_repository: where packages come from, one line each.</summary>
public sealed partial class AptRepositoryModule() : TaskModule<RepositoryArguments, RepositoryFacts>("apt_repository", Options, "ansible.builtin.apt_repository", "ansible.legacy.apt_repository")
{
    private const string Folder = "/etc/apt/sources.list.d";
    private const string Main = "/etc/apt/sources.list";

    private static readonly ModuleSchema Options = new(
    [
        new Option("repo") { Required = true },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("filename"),
        new Option("mode", OptionType.Raw),
        new Option("update_cache", OptionType.Boolean) { Default = true, Aliases = ["update-cache"] },
        new Option("update_cache_retries", OptionType.Integer) { Default = 5L },
        new Option("update_cache_retry_max_delay", OptionType.Integer) { Default = 12L },
        new Option("validate_certs", OptionType.Boolean) { Default = true },
    ])
    {
        NotSupported = ["codename", "install_python_apt"],
    };

    public override Result<RepositoryArguments> Parse(OptionValues options, ModuleContext context)
    {
        var line = Spaces().Replace(options.TextOf("repo").Trim(), " ");
        if (line.StartsWith("ppa:", StringComparison.Ordinal))
        {
            return Refuse(context, "PPAs are Ubuntu's: name the repository's line");
        }

        if (!Line().IsMatch(line))
        {
            return Refuse(context, $"Invalid repository string: {options.TextOf("repo")}");
        }

        var given = options.Text("filename");
        var name = Folders.Name(given ?? Suggested(line));
        return new RepositoryArguments(line, options.TextOf("state") == "present", $"{Folder}/{(name.EndsWith(".list", StringComparison.Ordinal) ? name : name + ".list")}", options.Raw("mode"))
        {
            UpdatesLists = options.Is("update_cache"),
        };
    }

    public override Task<Result<RepositoryFacts>> ReadAsync(RepositoryArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var paths = reader.List(Folder).Where(name => name.EndsWith(".list", StringComparison.Ordinal)).Select(name => Folders.In(Folder, name)).Prepend(Main);
        var files = paths.Where(path => reader.Stat(path, follow: true) is { Kind: FileKind.File }).Select(path => new KeyValuePair<string, ImmutableArray<string>>(
            path, reader.ReadFile(path, 1024 * 1024).TryGet(out var content, out _) ? [.. ByteText.Lines(ByteText.Of(content))] : []));
        return Task.FromResult<Result<RepositoryFacts>>(new RepositoryFacts([.. files], reader.Umask));
    }

    public override TaskPlan Plan(RepositoryArguments arguments, RepositoryFacts facts, ModuleContext context)
    {
        var holders = facts.Files.Where(file => file.Value.Any(line => Is(line, arguments.Line))).ToList();
        var result = Results.Of(("repo", arguments.Line), ("state", arguments.Present ? "present" : "absent"));
        if (holders.Count > 0 == arguments.Present)
        {
            return TaskPlan.Nothing(result);
        }

        if (arguments.Mode is { } given && !FileMode.IsValid(given))
        {
            return TaskPlan.Failure("mode must be in octal or symbolic form");
        }

        var changes = new List<Change>();
        if (arguments.Present)
        {
            var there = facts.Files.FirstOrDefault(file => file.Key == arguments.Path).Value;
            var lines = (there.IsDefault ? [] : there).Select(line => line.EndsWith('\n') ? line : line + "\n").Append(ByteText.Of(arguments.Line) + "\n");
            var start = new FileState(FileKind.File, 0x1B6 & ~facts.Umask, 0, 0);
            changes.Add(new WriteFile(arguments.Path, ByteText.Bytes(string.Concat(lines))) { Mode = arguments.Mode is { } mode ? FileMode.Of(mode, start, facts.Umask) : 0x1A4, Uid = 0, Gid = 0 });
        }

        foreach (var (path, lines) in arguments.Present ? [] : holders)
        {
            var kept = lines.Where(line => !Is(line, arguments.Line)).ToList();

            // A list that holds nothing more goes, but not the main one.
            changes.Add(kept.Count == 0 && path != Main ? new RemovePath(path) : new WriteFile(path, ByteText.Bytes(string.Concat(kept))) { Mode = 0x1A4, Uid = 0, Gid = 0 });
        }

        if (arguments.UpdatesLists)
        {
            changes.Add(new RunApt(["update", "--error-on=any"], TimeSpan.FromMinutes(1), 5, TimeSpan.FromSeconds(12)));
        }

        var (before, after) = arguments.Present ? ("", arguments.Line + "\n") : (arguments.Line + "\n", "");
        return new TaskPlan([.. changes], context.Diff ? result.With("diff", Results.Diff(before, after)) : result)
        {
            Report = outcomes => outcomes[^1].Error is null ? result : Results.Failed(outcomes[^1], $"Failed to update apt cache: {outcomes[^1].StandardError.Trim()}"),
        };
    }

    private static bool Is(string line, string wanted) => Spaces().Replace(ByteText.Shown(line).Split('#')[0].Trim(), " ") == wanted;

    /// <summary>The address with what is no letter, digit or '-' made '_', as Ansible names its files.</summary>
    private static string Suggested(string line)
    {
        var address = AfterOptions().Replace(line, "").Split(' ')[0];
        var at = address.IndexOf("://", StringComparison.Ordinal);
        return NoName().Replace((at < 0 ? address : address[(at + 3)..]).TrimEnd('/'), "_").Trim('_');
    }

    [GeneratedRegex(@"^deb(-src)? (\[[^\]\n]+\] )?[a-z0-9+]+:\S+ \S+( \S+)*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Line();

    [GeneratedRegex(@"[ \t]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^deb(-src)? (\[[^\]]+\] )?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AfterOptions();

    [GeneratedRegex("[^a-zA-Z0-9]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NoName();
}

using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>mount</c> task asks for.</summary>
/// <param name="Path">Where it is mounted.</param>
/// <param name="State"><c>absent</c>, <c>absent_from_fstab</c>, <c>ephemeral</c>, <c>mounted</c>, <c>present</c>, <c>remounted</c>, <c>unmounted</c>.</param>
/// <param name="Line">Its line in fstab(5), fields in order; empty where none is needed.</param>
/// <param name="Table">The table, usually <c>/etc/fstab</c>.</param>
public sealed record MountArguments(string Path, string State, ImmutableArray<string> Line, string Table)
{
    public bool Backup { get; init; }
}

/// <summary>What a <c>mount</c> task depends on.</summary>
/// <param name="Table">The table.</param>
/// <param name="IsMounted">Whether something is mounted there.</param>
/// <param name="MissingFolders">Folders down to the path that are not there.</param>
public sealed record MountTableFacts(TextFileFacts Table, bool IsMounted, ImmutableArray<string> MissingFolders);

/// <summary>ansible.posix.mount: file systems, now and after a boot.</summary>
public sealed class MountModule() : TaskModule<MountArguments, MountTableFacts>("mount", Options, "ansible.posix.mount")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("path", OptionType.Path) { Required = true, Aliases = ["name"] },
        new Option("state") { Required = true, Choices = ["absent", "absent_from_fstab", "ephemeral", "mounted", "present", "remounted", "unmounted"] },
        new Option("src", OptionType.Path),
        new Option("fstype"),
        new Option("opts") { Default = "defaults" },
        new Option("dump") { Default = "0" },
        new Option("passno") { Default = "0" },
        new Option("boot", OptionType.Boolean) { Default = true },
        new Option("fstab") { Default = "/etc/fstab" },
        new Option("backup", OptionType.Boolean) { Default = false },
    ])
    {
        NotSupported = ["opts_no_log"],
    };

    public override Result<MountArguments> Parse(OptionValues options, ModuleContext context)
    {
        var state = options.TextOf("state");
        var needs = state is "mounted" or "present" or "ephemeral";
        if (needs && (options.Text("src") is null || options.Text("fstype") is null))
        {
            return Refuse(context, $"state is {state} but all of the following are missing: src, fstype");
        }

        var opts = options.Is("boot") || options.TextOf("opts").Split(',').Contains("noauto") ? options.TextOf("opts") : options.TextOf("opts") + ",noauto";
        ImmutableArray<string> line = needs ? [options.TextOf("src"), options.TextOf("path"), options.TextOf("fstype"), opts, options.TextOf("dump"), options.TextOf("passno")] : [];
        return line.Any(field => field.Length == 0 || field.Contains('\n', StringComparison.Ordinal))
            ? Refuse(context, "a field of the table is empty or holds a line break")
            : new MountArguments(options.TextOf("path"), state, line, options.TextOf("fstab")) { Backup = options.Is("backup") };
    }

    public override Task<Result<MountTableFacts>> ReadAsync(MountArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var mounts = reader.Machine.ReadFile("/proc/self/mounts", 4 * 1024 * 1024).TryGet(out var content, out _) ? ByteText.Of(content) : "";
        var target = Escaped(reader.OnThisMachine(arguments.Path).TrimEnd('/'));
        var mounted = mounts.Split('\n').Any(line => line.Split(' ') is { Length: > 1 } fields && fields[1].TrimEnd('/') == target);
        return Task.FromResult(TextFileFacts.Read(arguments.Table, new FileAttributes(null, null, null), context, reader)
            .Then<MountTableFacts>(table => new MountTableFacts(table, mounted, Folders.Missing(reader, arguments.Path))));
    }

    public override TaskPlan Plan(MountArguments arguments, MountTableFacts facts, ModuleContext context)
    {
        var state = arguments.State;
        if (state == "remounted" && !facts.IsMounted)
        {
            return TaskPlan.Failure($"{arguments.Path} is not mounted");
        }

        var text = state is "ephemeral" or "remounted" or "unmounted" ? facts.Table.Text : Edit(arguments, facts.Table.Text);
        var differs = text != facts.Table.Text;
        var changes = new List<Change>();
        if (differs)
        {
            var old = facts.Table.State;
            changes.Add(new WriteFile(facts.Table.RealPath, ByteText.Bytes(text)) { Mode = old?.Mode ?? 0x1A4, Uid = old?.Uid ?? 0, Gid = old?.Gid ?? 0, Backup = arguments.Backup });
        }

        changes.AddRange(Now(arguments, facts, differs));
        var result = Results.Of(("name", arguments.Path), ("fstab", arguments.Table));
        if (!arguments.Line.IsEmpty)
        {
            result = result.With(Results.Of(("src", arguments.Line[0]), ("fstype", arguments.Line[2]), ("opts", arguments.Line[3]), ("dump", arguments.Line[4]), ("passno", arguments.Line[5])));
        }

        result = context.Diff && differs ? result.With("diff", Results.Diff(ByteText.Shown(facts.Table.Text), ByteText.Shown(text))) : result;
        return new TaskPlan([.. changes], result)
        {
            Report = outcomes => outcomes[^1].Error is null ? result : Results.Failed(outcomes[^1], $"Error mounting {arguments.Path}: {outcomes[^1].StandardError.Trim()}"),
        };
    }

    private static IEnumerable<Change> Now(MountArguments arguments, MountTableFacts facts, bool differs)
    {
        switch (arguments.State)
        {
            case "mounted" or "ephemeral":
                foreach (var folder in facts.MissingFolders)
                {
                    yield return new CreateDirectory(folder);
                }

                if (!facts.IsMounted)
                {
                    yield return arguments.State == "mounted"
                        ? new RunProcess("mount", [arguments.Path])
                        : new RunProcess("mount", ["-t", arguments.Line[2], "-o", arguments.Line[3], arguments.Line[0], arguments.Path]);
                }
                else if (differs)
                {
                    yield return new RunProcess("mount", ["-o", "remount", arguments.Path]);
                }

                break;
            case "remounted":
                yield return new RunProcess("mount", ["-o", "remount", arguments.Path]);
                break;
            case "unmounted" when facts.IsMounted:
                yield return new RunProcess("umount", [arguments.Path]);
                break;
            case "absent":
                if (facts.IsMounted)
                {
                    yield return new RunProcess("umount", [arguments.Path]);
                }

                // Only an empty folder goes: what was below the mount is not ours.
                if (facts.MissingFolders.IsEmpty && (facts.IsMounted || differs))
                {
                    yield return new RunProcess("rmdir", ["--ignore-fail-on-non-empty", arguments.Path]);
                }

                break;
        }
    }

    private static string Edit(MountArguments arguments, string text)
    {
        var lines = ByteText.Lines(text);
        bool IsIt(string line) => !line.TrimStart().StartsWith('#')
            && line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: >= 4 } fields && fields[1] == Escaped(arguments.Path)
            && (arguments.Line.IsEmpty || fields[2] != "swap" || fields[0] == Escaped(arguments.Line[0]));
        if (arguments.State is "absent" or "absent_from_fstab")
        {
            lines.RemoveAll(IsIt);
            return string.Concat(lines);
        }

        var wanted = string.Join(' ', arguments.Line.Select(Escaped));
        var at = lines.FindIndex(IsIt);
        if (at >= 0)
        {
            var fields = lines[at].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Concat(["0", "0"]).Take(6);
            lines[at] = string.Join(' ', fields) == wanted ? lines[at] : wanted + "\n";
            return string.Concat(lines);
        }

        if (lines.Count > 0 && !lines[^1].EndsWith('\n'))
        {
            lines[^1] += "\n";
        }

        return string.Concat(lines.Append(wanted + "\n"));
    }

    /// <summary>White space as fstab(5) writes it.</summary>
    private static string Escaped(string field) => ByteText.Of(field).Replace("\\", "\\134", StringComparison.Ordinal).Replace(" ", "\\040", StringComparison.Ordinal).Replace("\t", "\\011", StringComparison.Ordinal);
}

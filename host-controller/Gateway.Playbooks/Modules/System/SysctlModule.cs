using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>sysctl</c> task asks for.</summary>
public sealed record SysctlArguments(string Name, string? Value, string Path)
{
    /// <summary>Whether the setting is also set at once.</summary>
    public bool Sets { get; init; }

    /// <summary>Whether the file is read again when it changed.</summary>
    public bool Reloads { get; init; }

    public bool IgnoresErrors { get; init; }
}

/// <summary>What a <c>sysctl</c> task depends on.</summary>
/// <param name="File">The file of settings.</param>
/// <param name="Now">What the kernel has; null when it has no such setting.</param>
public sealed record SysctlFacts(TextFileFacts File, string? Now);

/// <summary>ansible.posix.sysctl: settings of the kernel.</summary>
public sealed class SysctlModule() : TaskModule<SysctlArguments, SysctlFacts>("sysctl", Options, "ansible.posix.sysctl")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true, Aliases = ["key"] },
        new Option("value") { Aliases = ["val"] },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("sysctl_file", OptionType.Path) { IsWritten = true, Default = "/etc/sysctl.conf" },
        new Option("sysctl_set", OptionType.Boolean) { Default = false },
        new Option("reload", OptionType.Boolean) { Default = true },
        new Option("ignoreerrors", OptionType.Boolean) { Default = false },
    ]);

    public override Result<SysctlArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (name, value, present) = (options.TextOf("name").Trim(), options.Text("value")?.Trim(), options.TextOf("state") == "present");
        return name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || c is '=' or '#') || name.Split('/', '.').Contains("..") ? Refuse(context, $"'{name}' is no setting of the kernel")
            : present && string.IsNullOrEmpty(value) ? Refuse(context, "value cannot be None")
            : value?.Contains('\n', StringComparison.Ordinal) == true ? Refuse(context, "'value' holds a line break")
            : new SysctlArguments(name, present ? value : null, options.TextOf("sysctl_file"))
            {
                Sets = options.Is("sysctl_set"),
                Reloads = options.Is("reload"),
                IgnoresErrors = options.Is("ignoreerrors"),
            };
    }

    public override async Task<Result<SysctlFacts>> ReadAsync(SysctlArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var now = arguments.Sets ? await reader.RunAsync("sysctl", ["-n", arguments.Name], cancellation) : null;
        return TextFileFacts.Read(arguments.Path, new FileAttributes(null, null, null), context, reader)
            .Then<SysctlFacts>(file => new SysctlFacts(file, now is { ExitCode: 0 } ? now.StandardOutput.Trim() : null));
    }

    public override TaskPlan Plan(SysctlArguments arguments, SysctlFacts facts, ModuleContext context)
    {
        var text = Edit(arguments, facts.File.Text);
        var changes = new List<Change>();
        if (arguments is { Sets: true, Value: { } wanted } && Words(facts.Now) != Words(wanted))
        {
            changes.Add(new RunProcess("sysctl", [.. arguments.IgnoresErrors ? (ReadOnlySpan<string>)["-e"] : [], "-w", $"{arguments.Name}={wanted}"]));
        }

        if (text != facts.File.Text)
        {
            var state = facts.File.State;
            changes.AddRange(facts.File.MissingFolders.Select(folder => new CreateDirectory(folder)));
            changes.Add(new WriteFile(facts.File.RealPath, ByteText.Bytes(text)) { Mode = state?.Mode ?? 0x1A4, Uid = state?.Uid ?? 0, Gid = state?.Gid ?? 0 });
            if (arguments.Reloads)
            {
                changes.Add(new RunProcess("sysctl", [.. arguments.IgnoresErrors ? (ReadOnlySpan<string>)["-e"] : [], "-p", arguments.Path]));
            }
        }

        var result = Results.Of(("name", arguments.Name));
        return new TaskPlan([.. changes], context.Diff ? result.With("diff", Results.Diff(ByteText.Shown(facts.File.Text), ByteText.Shown(text))) : result)
        {
            Report = outcomes => outcomes[^1].Error is null ? result : Results.Failed(outcomes[^1], $"setting {arguments.Name} failed: {outcomes[^1].StandardError.Trim()}"),
        };
    }

    /// <summary>The text with the setting in it once, where it stood last, or at the end; or not at all.</summary>
    private static string Edit(SysctlArguments arguments, string text)
    {
        var lines = ByteText.Lines(text);
        bool IsIt(string line) => !line.TrimStart().StartsWith('#') && !line.TrimStart().StartsWith(';') && Same(line.Split('=')[0]) == Same(arguments.Name) && line.Contains('=', StringComparison.Ordinal);
        var at = lines.FindLastIndex(IsIt);
        if (arguments.Value is { } value && at >= 0 && Words(lines[at][(lines[at].IndexOf('=', StringComparison.Ordinal) + 1)..]) == Words(ByteText.Of(value)) && lines.Count(IsIt) == 1)
        {
            return text;
        }

        var kept = lines.Where((line, i) => !IsIt(line) || (i == at && arguments.Value is not null)).ToList();
        if (arguments.Value is null)
        {
            return string.Concat(kept);
        }

        var setting = ByteText.Of($"{arguments.Name}={arguments.Value}\n");
        if (kept.FindIndex(IsIt) is var place and >= 0)
        {
            kept[place] = setting;
        }
        else
        {
            if (kept.Count > 0 && !kept[^1].EndsWith('\n'))
            {
                kept[^1] += "\n";
            }

            kept.Add(setting);
        }

        return string.Concat(kept);
    }

    private static string Same(string name) => name.Trim().TrimStart('-').Replace('/', '.');

    private static string Words(string? value) => value is null ? "" : string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

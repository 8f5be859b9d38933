using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>systemd_service</c> task asks for.</summary>
public sealed record UnitArguments(string? Unit, string? State, bool? Enabled, bool? Masked)
{
    public bool DaemonReload { get; init; }

    public bool DaemonReexec { get; init; }

    public bool NoBlock { get; init; }

    public bool Force { get; init; }
}

/// <summary>What systemd says of a unit.</summary>
/// <param name="Show">Properties; empty where systemd does not run.</param>
/// <param name="EnabledStatus">Exit status of <c>is-enabled</c>.</param>
/// <param name="EnabledWord">What it prints.</param>
public sealed record UnitFacts(DictValue Show, int EnabledStatus, string EnabledWord)
{
    /// <summary>Whether systemd has such a unit.</summary>
    public bool IsFound { get; init; }

    /// <summary>Whether systemctl is there at all.</summary>
    public bool HasSystemctl { get; init; } = true;

    internal string Property(string name) => Show.TryGet(name, out var value) ? value.ToString() : "";
}

/// <summary>ansible.builtin.systemd_service (systemd, service): units of systemd.</summary>
public sealed class SystemdModule() : TaskModule<UnitArguments, UnitFacts>(
    "systemd_service", Options, "ansible.builtin.systemd_service", "ansible.legacy.systemd_service", "systemd", "ansible.builtin.systemd", "ansible.legacy.systemd", "service", "ansible.builtin.service", "ansible.legacy.service")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Aliases = ["service", "unit"] },
        new Option("state") { Choices = ["reloaded", "restarted", "started", "stopped"] },
        new Option("enabled", OptionType.Boolean),
        new Option("masked", OptionType.Boolean),
        new Option("force", OptionType.Boolean),
        new Option("daemon_reload", OptionType.Boolean) { Default = false, Aliases = ["daemon-reload"] },
        new Option("daemon_reexec", OptionType.Boolean) { Default = false, Aliases = ["daemon-reexec"] },
        new Option("no_block", OptionType.Boolean) { Default = false },
        new Option("scope")
        {
            Default = "system",
            Choices = ["system"],
            Refused = ImmutableDictionary.CreateRange([new KeyValuePair<string, string>("user", "a gateway has no user sessions"), new KeyValuePair<string, string>("global", "a gateway has no user sessions")]),
        },
    ])
    {
        OneOf = [["state", "enabled", "masked", "daemon_reload", "daemon_reexec"]],
        RequiredBy = [("state", "name"), ("enabled", "name"), ("masked", "name")],
        NotSupported = ["arguments", "args", "pattern", "runlevel", "sleep", "use"],
    };

    public override Result<UnitArguments> Parse(OptionValues options, ModuleContext context)
    {
        var unit = options.Text("name");
        foreach (var c in unit ?? "")
        {
            if (c is '*' or '?' or '[')
            {
                return Refuse(context, $"This module does not currently support using glob patterns, found '{c}' in service name: {unit}");
            }
        }

        return unit is { Length: 0 } || unit?.StartsWith('-') == true ? Refuse(context, $"'{unit}' is no unit name")
            : new UnitArguments(unit, options.Text("state"), options.Maybe("enabled"), options.Maybe("masked"))
            {
                DaemonReload = options.Is("daemon_reload"),
                DaemonReexec = options.Is("daemon_reexec"),
                NoBlock = options.Is("no_block"),
                Force = options.Is("force"),
            };
    }

    public override async Task<Result<UnitFacts>> ReadAsync(UnitArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        if (arguments.Unit is not { } unit)
        {
            return new UnitFacts(DictValue.Empty, 0, "");
        }

        var show = await reader.RunAsync("systemctl", ["show", unit], cancellation);
        var enabled = await reader.RunAsync("systemctl", ["is-enabled", unit], cancellation);
        var properties = show.ExitCode == 0 && show.StandardOutput.Contains('=', StringComparison.Ordinal) ? SystemctlShow.Parse(show.StandardOutput) : DictValue.Empty;
        var word = enabled.StandardOutput.Trim();
        var found = properties.Count > 0
            ? properties.TryGet("LoadState", out var load) && load.ToString() != "not-found"
            : word is "enabled" or "enabled-runtime" or "linked" or "linked-runtime" or "masked" or "masked-runtime" or "static" or "indirect" or "disabled" or "generated" or "transient";
        return new UnitFacts(properties, enabled.ExitCode, word) { IsFound = found, HasSystemctl = show.ExitCode != 127 };
    }

    public override TaskPlan Plan(UnitArguments arguments, UnitFacts facts, ModuleContext context) =>
        // What systemd knows of a unit may be another after a reload: read again then.
        (arguments.DaemonReload || arguments.DaemonReexec) && context is { Round: 0, Check: false } ? Reload(arguments) : UnitPlans.Plan(arguments, facts);

    private static TaskPlan Reload(UnitArguments arguments)
    {
        var verbs = new List<string>();
        if (arguments.DaemonReload)
        {
            verbs.Add("daemon-reload");
        }

        if (arguments.DaemonReexec)
        {
            verbs.Add("daemon-reexec");
        }

        return new TaskPlan([.. verbs.Select(verb => new UnitAction(verb, null))], DictValue.Empty)
        {
            PlanAgain = true,
            Report = outcomes => outcomes[^1].Error is null
                ? DictValue.Empty
                : Results.Failed(outcomes[^1], $"failure {outcomes[^1].ExitCode} during {verbs[outcomes.Length - 1]}: {outcomes[^1].StandardError}"),
        };
    }
}

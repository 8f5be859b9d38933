using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Releases;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>gateway_settings</c> task asks for; null leaves a setting alone.</summary>
public sealed record GatewaySettings(ImmutableArray<string>? Groups, string? Schedule);

/// <summary>The files that hold the settings; null for one that is not there.</summary>
public sealed record GatewaySettingsFacts(SettingsFile HostController, SettingsFile? Supervisor);

/// <summary>A file of settings: what it holds and will hold, or why it cannot be changed.</summary>
public sealed record SettingsFile(string Path, string Before, string After, FileState State);

/// <summary>
/// gateway_settings, ours: the groups this gateway is in and its schedule. They are set in its configuration, every other
/// line of which stays as it is, and count from the next cycle on; the supervisor is started again when its groups changed.
/// </summary>
public sealed class GatewaySettingsModule() : TaskModule<GatewaySettings, GatewaySettingsFacts>("gateway_settings", Options, "gateway.host.gateway_settings")
{
    private const string HostController = "/etc/gateway/host-controller.yaml";
    private const string Supervisor = "/etc/gateway/supervisor.yaml";
    private const long LargestFile = 1024 * 1024;

    private static readonly ModuleSchema Options = new(
    [
        new Option("groups", OptionType.Texts),
        new Option("schedule"),
    ])
    {
        OneOf = [["groups", "schedule"]],
    };

    public override Result<GatewaySettings> Parse(OptionValues options, ModuleContext context)
    {
        ImmutableArray<string>? groups = options.Has("groups") ? [.. options.Texts("groups").Select(group => group.Trim()).Where(group => group.Length > 0).Distinct(StringComparer.Ordinal)] : null;
        return groups?.FirstOrDefault(group => !GatewayIdentity.IsName(group)) is { } wrong
            ? Refuse(context, $"group '{wrong}' must be 1 to {GatewayIdentity.LongestName} letters, digits, '.', '_' or '-'")
            : new GatewaySettings(groups, options.Text("schedule"));
    }

    public override Task<Result<GatewaySettingsFacts>> ReadAsync(GatewaySettings arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(Read(arguments, context, reader));

    public override TaskPlan Plan(GatewaySettings arguments, GatewaySettingsFacts facts, ModuleContext context)
    {
        var changes = new List<Change>();
        foreach (var file in (SettingsFile?[])[facts.HostController, facts.Supervisor])
        {
            if (file is not null && file.Before != file.After)
            {
                changes.Add(new WriteFile(file.Path, Encoding.UTF8.GetBytes(file.After)) { Mode = file.State.Mode, Uid = file.State.Uid, Gid = file.State.Gid });
            }
        }

        if (changes is [.., WriteFile { Path: Supervisor }])
        {
            changes.Add(new RestartSupervisor());
        }

        var result = Results.Of(("groups", Results.List(arguments.Groups ?? [])), ("schedule", arguments.Schedule ?? ""));
        var diff = Results.Diff(facts.HostController.Before, facts.HostController.After).With("before_header", HostController).With("after_header", HostController);
        return new TaskPlan([.. changes], context.Diff ? result.With("diff", diff) : result);
    }

    private static Result<GatewaySettingsFacts> Read(GatewaySettings arguments, ModuleContext context, IHostReader reader)
    {
        if (!File(arguments, HostController, context, reader).TryGet(out var own, out var wrong))
        {
            return wrong;
        }

        if (own is null)
        {
            return Refuse(context, $"{HostController} is not there");
        }

        if (reader.ConfigurationProblem(own.After) is { } problem)
        {
            return Refuse(context, $"{HostController} would not be right any more: {problem}");
        }

        return File(arguments with { Schedule = null }, Supervisor, context, reader).Then<GatewaySettingsFacts>(supervisor => new GatewaySettingsFacts(own, supervisor));
    }

    private static Result<SettingsFile?> File(GatewaySettings arguments, string path, ModuleContext context, IHostReader reader)
    {
        if (reader.Stat(path, follow: true) is not { } state)
        {
            return (SettingsFile?)null;
        }

        if (!reader.ReadFile(path, LargestFile).TryGet(out var content, out var wrong))
        {
            return wrong;
        }

        var before = Encoding.UTF8.GetString(content.Span);
        var after = before;
        foreach (var (key, value) in new[] { ("groups", arguments.Groups is { } groups ? $"[{string.Join(", ", groups)}]" : null), ("schedule", arguments.Schedule is { } schedule ? SettingsText.Quoted(schedule) : null) })
        {
            if (value is not null && !SettingsText.Set(path, after, key, value).TryGet(out after!, out wrong))
            {
                return Refuse(context, wrong[0].ToString());
            }
        }

        return new SettingsFile(path, before, after, state);
    }
}

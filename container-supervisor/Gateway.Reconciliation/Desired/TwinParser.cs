using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>
/// Reads a local twin, <c>config.json</c> of the offline orchestrator: <c>config_number</c> and <c>modules</c>. It becomes
/// one application named <c>twin</c>; its number is the serial of a release without expiry, for all targets.
/// </summary>
internal static class TwinParser
{
    /// <summary>The application's name.</summary>
    public const string Application = "twin";

    private const int MostModules = 500;

    /// <summary>Whether a document is a twin: it says so by its <c>config_number</c>.</summary>
    public static bool IsTwin(YamlNode root) => root is YamlMapping map && map["config_number"] is not null && map["applications"] is null;

    /// <summary>The twin, or every reason why it is refused, in <paramref name="reading"/>.</summary>
    public static DesiredState? Read(YamlNode root, string source, Reading reading)
    {
        var fields = reading.Open(root, "a twin");
        var number = fields.Required("config_number") is null ? null : fields.Integer("config_number", 1);
        var modules = Modules(fields, reading);
        fields.RejectUnknown();
        var at = fields.Node("modules")?.At ?? root.At;
        var application = ApplicationReader.Whole(
            new Application(Application, null, [], [], [], $"{source}:{number}", at),
            [.. modules.Select(module => module.Service with { DependsOn = Earlier(module, modules) })],
            [.. modules.SelectMany(module => module.Volumes).DistinctBy(volume => volume.Key, StringComparer.Ordinal)],
            [ApplicationReader.Defaults(Application, "default", at)],
            (ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, string>.Empty),
            reading);
        return reading.IsWrong ? null : new DesiredState(new Release(number!.Value, DateTimeOffset.MaxValue, ["all"]), Urgency.Normal, [application], []);
    }

    private static List<TwinModule> Modules(YamlFields fields, Reading reading)
    {
        if (fields.Required("modules") is not { } node)
        {
            return [];
        }

        if (node is not YamlSequence { Items.Length: > 0 and <= MostModules } list)
        {
            reading.Fail(node, $"'modules' must be a list of 1 to {MostModules} modules");
            return [];
        }

        var modules = new List<TwinModule>();
        var names = new Dictionary<string, Position>(StringComparer.Ordinal);
        foreach (var module in list.Items.Select(item => TwinModuleReader.Read(item, reading)).OfType<TwinModule>())
        {
            if (names.TryAdd(module.Service.Name, module.Service.At))
            {
                modules.Add(module);
            }
            else
            {
                reading.Fail(module.Service.At, $"module '{module.Service.Name}' stands already at {names[module.Service.Name]}");
            }
        }

        return modules;
    }

    /// <summary>A module starts after all with a lower startup order, and restarts after one of them is replaced.</summary>
    private static ImmutableArray<Dependency> Earlier(TwinModule module, List<TwinModule> all) =>
    [
        .. all.Where(other => other.Order < module.Order).Select(other => new Dependency(other.Service.Name, DependencyCondition.Started, true, true)),
    ];
}

using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads one module of a twin. An empty string is the same as a key that is not there.</summary>
internal static class TwinModuleReader
{
    /// <summary>As in Azure IoT Edge, which the format follows: without an order a module starts last.</summary>
    private const long Last = uint.MaxValue;

    public static TwinModule? Read(YamlNode node, Reading reading)
    {
        var fields = reading.Open(node, "a module");
        var name = Needed(fields, "module_name");
        var image = Needed(fields, "container_image");
        if (name is not null && !Names.IsName(name))
        {
            fields.Fail(fields.Node("module_name")!, $"'{OneLine.Of(name)}' cannot be a module's name: letters, digits, '_', '-', '.', at most 63, not ending in {Names.PreviousSuffix}");
        }

        var service = new Service { Name = name ?? "", ContainerName = $"{TwinParser.Application}-{name}", Image = new ImageReference("", "", null, null), At = node.At };
        service = image is null ? service : ServiceValues.Image(service, fields.Node("container_image")!, reading);
        service = Given(fields, "container_name") is { } container ? ServiceValues.ContainerName(service, container, reading) : service;
        service = service with
        {
            Networks = [new NetworkAttachment("default", [], null, null)],
            Restart = Given(fields, "restart_policy") is { } restart ? ServiceValues.Restart(restart, reading, "'restart_policy'") : null,
            PullPolicy = Given(fields, "pull_policy") is { } pull ? Pull(pull, reading) : PullPolicy.Missing,
            Command = Given(fields, "command") is { } command ? ServiceValues.Words(command, reading, "'command'") : null,
            Environment = Given(fields, "env_variables") is { } variables && reading.IsBearable(variables, "'env_variables'")
                ? reading.Pairs(variables, "'env_variables'", valueNeeded: true).ToImmutableSortedDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal)
                : service.Environment,
        };
        var order = Given(fields, "startup_order") is null ? Last : fields.Integer("startup_order", 0, Last) ?? Last;
        var volumes = ImmutableArray<VolumeDefinition>.Empty;
        if (Given(fields, "container_create_options") is { } options)
        {
            (service, volumes) = TwinOptionsReader.Read(service, options, reading);
        }

        fields.RejectUnknown();
        return name is null ? null : new TwinModule(service, order, volumes);
    }

    private static YamlNode? Given(YamlFields fields, string key) => fields.Node(key) is { } node and not YamlScalar { Text: "" } ? node : null;

    private static string? Needed(YamlFields fields, string key)
    {
        if (fields.Required(key) is not { } node || fields.Text(key) is not { } text)
        {
            return null;
        }

        if (text.Length == 0)
        {
            fields.Fail(node, $"'{key}' must not be empty");
        }

        return text.Length == 0 ? null : text;
    }

    private static PullPolicy Pull(YamlNode node, Reading reading) =>
        ServiceValues.OneOf(node, reading, "'pull_policy'", "on-create", "missing", "always", "never") switch
        {
            "on-create" => PullPolicy.OnCreate,
            "always" => PullPolicy.Always,
            "never" => PullPolicy.Never,
            _ => PullPolicy.Missing,
        };
}

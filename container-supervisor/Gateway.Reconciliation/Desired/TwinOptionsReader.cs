using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>
/// Reads <c>container_create_options</c>: an Engine create body, in which <c>ports</c> and <c>volumes</c> may stand for
/// <c>ExposedPorts</c> and <c>Volumes</c>.
/// </summary>
internal static class TwinOptionsReader
{
    private const string Key = "'container_create_options'";

    private static readonly (string Short, string Engine)[] Shorts = [("ports", "ExposedPorts"), ("volumes", "Volumes")];

    /// <summary>The service with its options, and the named volumes that they bind.</summary>
    public static (Service Service, ImmutableArray<VolumeDefinition> Volumes) Read(Service service, YamlNode node, Reading reading)
    {
        if (node is not YamlMapping map)
        {
            reading.Fail(node, $"{Key} must be a mapping of Engine create options");
            return (service, []);
        }

        foreach (var (key, instead) in new[] { ("Image", "use 'container_image'"), ("NetworkingConfig", "leave it out: modules are on a network of their own, or by 'HostConfig.NetworkMode' on none or the host's") })
        {
            if (map[key] is { } owned)
            {
                reading.Fail(owned, $"{Key} may not give '{key}'; {instead}");
                return (service, []);
            }
        }

        map = map with { Entries = [.. map.Entries.Select(entry => Renamed(entry, map, reading))] };
        if (map["HostConfig"] is not YamlMapping host)
        {
            return (service with { CreateOptions = CreateOptionsReader.Read(map, reading) }, []);
        }

        if (host["NetworkMode"] is { } mode && !Reading.IsNothing(mode) && mode is not YamlScalar { Text: "" or "default" })
        {
            service = service with { NetworkMode = ServiceValues.OneOf(mode, reading, "'NetworkMode'", "host", "none", "bridge"), Networks = [] };
        }

        var named = Binds(host).Where(IsNamed).ToImmutableArray();
        var mounts = MountReader.Read(new YamlSequence(named, host.At, null), reading).ToImmutableArray();
        host = host with { Entries = [.. host.Entries.Where(entry => entry.Key.Text != "NetworkMode").Select(WithoutNamed)] };
        map = map with { Entries = [.. map.Entries.Select(entry => entry.Key.Text == "HostConfig" ? entry with { Value = host } : entry)] };
        return (
            service with { Volumes = mounts, CreateOptions = CreateOptionsReader.Read(map, reading) },
            [.. mounts.Select(mount => Volume(mount, reading)).OfType<VolumeDefinition>()]);
    }

    private static YamlEntry Renamed(YamlEntry entry, YamlMapping map, Reading reading)
    {
        var (_, engine) = Shorts.FirstOrDefault(pair => pair.Short == entry.Key.Text);
        if (engine is null)
        {
            return entry;
        }

        if (map[engine] is not null)
        {
            reading.Fail(entry.Key, $"'{entry.Key.Text}' and '{engine}' are the same; give one of them");
        }

        if (entry.Value is not YamlMapping && !Reading.IsNothing(entry.Value))
        {
            reading.Fail(entry.Value, $"'{entry.Key.Text}' must be a mapping, like {(engine == "Volumes" ? "{\"/data\": {}}" : "{\"8080/tcp\": {}}")}");
        }

        return entry with { Key = entry.Key with { Text = engine } };
    }

    private static ImmutableArray<YamlNode> Binds(YamlMapping host) => (host["Binds"] as YamlSequence)?.Items ?? [];

    /// <summary>A volume by its name, not a path of the host.</summary>
    private static bool IsNamed(YamlNode bind) => bind is YamlScalar { Text: var text } && text.Contains(':', StringComparison.Ordinal) && !text.StartsWith('/');

    private static YamlEntry WithoutNamed(YamlEntry entry) => entry is { Key.Text: "Binds", Value: YamlSequence list }
        ? entry with { Value = list with { Items = [.. list.Items.Where(item => !IsNamed(item))] } }
        : entry;

    /// <summary>The engine's own name for it, as the engine takes it.</summary>
    private static VolumeDefinition? Volume(VolumeMount mount, Reading reading)
    {
        if (mount.Source is { } name && Names.IsContainer(name))
        {
            return new VolumeDefinition(name, name, false, "local", ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, string>.Empty, mount.At);
        }

        reading.Fail(mount.At, "a bind takes an absolute path of the host, or a volume's name: letters, digits, '_', '-', '.'");
        return null;
    }
}

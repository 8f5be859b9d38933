using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Configuration;

/// <summary>Reads the <c>supervisor</c> key.</summary>
internal static class SupervisorReader
{
    /// <summary>The settings, with defaults for what is not given.</summary>
    public static SupervisorSettings Read(YamlFields configuration, List<Failure> failures)
    {
        var defaults = SupervisorSettings.Default;
        if (configuration.Node("supervisor") is not { } node)
        {
            return defaults;
        }

        var fields = YamlFields.Open(node, "'supervisor'", failures);
        var settings = new SupervisorSettings(
            ContainerName(fields) ?? defaults.Name,
            fields.Text("network") ?? defaults.Network,
            Mounts(fields),
            Environment(fields));
        fields.RejectUnknown();
        return settings;
    }

    private static string? ContainerName(YamlFields fields)
    {
        var name = fields.Text("name");
        if (name is not null && (name.Length is < 2 or > 100 || !char.IsAsciiLetterOrDigit(name[0])
            || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))))
        {
            fields.Fail(fields.Node("name")!, "'name' must be a container name: letters, digits, '.', '_' and '-', 2 to 100 of them");
            return null;
        }

        return name;
    }

    private static ImmutableArray<string> Mounts(YamlFields fields)
    {
        var mounts = fields.Texts("mounts");
        foreach (var mount in mounts)
        {
            var parts = mount.Split(':');
            var isGood = parts.Length is 2 or 3 && parts[0].StartsWith('/') && parts[1].StartsWith('/') && (parts.Length == 2 || parts[2] is "ro" or "rw");
            if (!isGood)
            {
                fields.Fail(fields.Node("mounts")!, $"mount '{mount}' must be like /source:/target or /source:/target:ro");
            }
        }

        return mounts;
    }

    private static ImmutableSortedDictionary<string, string> Environment(YamlFields fields)
    {
        var environment = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in fields.Entries("environment"))
        {
            if (entry.Key.Text.Length == 0 || entry.Key.Text.Contains('=', StringComparison.Ordinal))
            {
                fields.Fail(entry.Key, "a variable's name must not be empty and must not hold '='");
            }
            else if (fields.TextOf(entry.Value, $"'{entry.Key.Text}'") is { } value)
            {
                environment[entry.Key.Text] = value;
            }
        }

        return environment.ToImmutable();
    }
}

using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;

namespace Gateway.ContainerSupervisor.Configuration;

/// <summary>Reads <c>supervisor.yaml</c>: strict, and everything that is wrong is told at once with its place.</summary>
internal static class ConfigurationReader
{
    /// <summary>The configuration in a file.</summary>
    public static Result<SupervisorConfiguration> ReadFile(string path)
    {
        if (!AtomicFile.ReadIfThere(path, SourceText.LargestDocument).TryGet(out var bytes, out var wrong))
        {
            return OfConfiguration(wrong);
        }

        return bytes is null
            ? new Failure(Phase.Configuration, path, "is not there; write it (only gateway_id is required), or name another with --config")
            : Read(new SourceText(path, bytes));
    }

    /// <summary>The configuration in a text.</summary>
    public static Result<SupervisorConfiguration> Read(SourceText text)
    {
        if (!YamlReader.Read(text).TryGet(out var root, out var wrong))
        {
            return OfConfiguration(wrong);
        }

        var failures = new List<Failure>();
        var fields = YamlFields.Open(root, "the configuration", failures);
        var defaults = new SupervisorConfiguration { Identity = Identity(fields) };
        var configuration = defaults with
        {
            Mqtt = MqttReader.Read(fields, failures),
            DesiredStateFile = FullPath(fields, "desired_state"),
            RequireSignature = fields.Boolean("require_signature") ?? true,
            Policy = PolicyReader.Read(fields, failures),
            Windows = WindowReader.Read(fields, failures),
            RegistryCredentials = FullPath(fields, "registry_credentials"),
            LongestLock = Bounded(fields, "longest_lock", TimeSpan.FromMinutes(1), TimeSpan.FromDays(31), "from 1m to 31d") ?? defaults.LongestLock,
            ImageRetention = (int)(fields.Integer("image_retention", 1, 20) ?? defaults.ImageRetention),
            StatusInterval = Bounded(fields, "status_interval", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), "from 1s to 1d") ?? defaults.StatusInterval,
            DockerSocket = FullPath(fields, "docker_socket") ?? defaults.DockerSocket,
            TrustedDirectory = FullPath(fields, "trusted_directory") ?? defaults.TrustedDirectory,
            StateDirectory = FullPath(fields, "state_directory") ?? defaults.StateDirectory,
            RunDirectory = FullPath(fields, "run_directory") ?? defaults.RunDirectory,
        };
        var notices = Notices(configuration);
        fields.RejectUnknown();
        return failures.Count > 0 ? OfConfiguration([.. failures]) : configuration with { Notices = notices };
    }

    /// <summary>An absolute path, or null after noting that it is not one.</summary>
    public static string? FullPath(YamlFields fields, string key)
    {
        var path = fields.Text(key);
        if (path is not null && (path.Length < 2 || path[0] != '/'))
        {
            fields.Fail(fields.Node(key)!, $"'{key}' must be an absolute path");
            return null;
        }

        return path;
    }

    private static GatewayIdentity Identity(YamlFields fields)
    {
        var id = fields.Required("gateway_id") is null ? null : fields.Text("gateway_id");
        if (id is not null && !GatewayIdentity.IsName(id))
        {
            fields.Fail(fields.Node("gateway_id")!, $"'gateway_id' must be 1 to {GatewayIdentity.LongestName} letters, digits, '.', '_' or '-'");
        }

        var groups = fields.Texts("groups", single: true).Distinct(StringComparer.Ordinal).ToImmutableArray();
        foreach (var group in groups.Where(group => !GatewayIdentity.IsName(group)))
        {
            fields.Fail(fields.Node("groups")!, $"group '{OneLine.Of(group)}' must be 1 to {GatewayIdentity.LongestName} letters, digits, '.', '_' or '-'");
        }

        return new GatewayIdentity(id ?? "", groups);
    }

    private static TimeSpan? Bounded(YamlFields fields, string key, TimeSpan least, TimeSpan most, string range)
    {
        if (fields.Duration(key) is not { } duration)
        {
            return null;
        }

        if (duration < least || duration > most)
        {
            fields.Fail(fields.Node(key)!, $"'{key}' must be {range}");
            return null;
        }

        return duration;
    }

    private static ImmutableArray<string> Notices(SupervisorConfiguration configuration)
    {
        var notices = ImmutableArray.CreateBuilder<string>();
        if (!configuration.RequireSignature)
        {
            notices.Add("require_signature is false: whoever can publish to the broker decides what this gateway runs");
        }

        return notices.ToImmutable();
    }

    private static ImmutableArray<Failure> OfConfiguration(ImmutableArray<Failure> failures) =>
        [.. failures.Select(failure => failure with { Phase = Phase.Configuration })];
}

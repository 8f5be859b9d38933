using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Policy;

namespace Gateway.ContainerSupervisor.Configuration;

/// <summary>Reads <c>policy</c>, <c>allowed_registries</c> and <c>require_digest</c>.</summary>
internal static class PolicyReader
{
    /// <summary>The policy, with defaults for what is not given.</summary>
    public static LocalPolicy Read(YamlFields configuration, List<Failure> failures)
    {
        var policy = LocalPolicy.Default with
        {
            AllowedRegistries = configuration.Has("allowed_registries") ? configuration.Texts("allowed_registries", single: true) : null,
            RequireDigest = configuration.Boolean("require_digest") ?? true,
        };
        if (configuration.Node("policy") is not { } node)
        {
            return policy;
        }

        var fields = YamlFields.Open(node, "'policy'", failures);
        policy = policy with
        {
            Privileged = fields.Boolean("privileged") ?? false,
            HostNamespaces = fields.Boolean("host_namespaces") ?? false,
            BindMounts = Paths(fields, "bind_mounts", "/"),
            Devices = Paths(fields, "devices", "/dev/"),
            Capabilities = fields.Texts("capabilities"),
            SecurityOptions = fields.Texts("security_options"),
            Logs = fields.Boolean("logs") ?? false,
        };
        fields.RejectUnknown();
        return policy;
    }

    private static ImmutableArray<string> Paths(YamlFields fields, string key, string below)
    {
        var paths = fields.Texts(key);
        var rules = key == "devices" ? " (or a rule by number, like \"c 188:* rwm\")" : "";
        foreach (var path in paths.Where(path => rules.Length == 0 || !DeviceRule.TryParse(path, out _)).Where(path => !path.StartsWith(below, StringComparison.Ordinal) || path.Split('/').Contains("..")))
        {
            fields.Fail(fields.Node(key)!, $"'{OneLine.Of(path)}' of '{key}' must be a path below {below} without '..'{rules}");
        }

        return paths;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Policy;

/// <summary>
/// Judges one Engine create body. Member names are matched exactly: the engine, written in Go, would take them in any
/// case, and what is not spelled as in these tables is not known and therefore refused.
/// </summary>
internal sealed class BodyPolicy(ContainerSpec spec, LocalPolicy policy, Action<string, string> refuse)
{
    private const string Widens = "policy.privileged";
    private const string HostSpaces = "policy.host_namespaces";

    public void Check()
    {
        foreach (var (key, value) in spec.Body)
        {
            if (key == "HostConfig" && value is JsonObject host)
            {
                foreach (var (name, setting) in host)
                {
                    Host(name, setting);
                }
            }
            else if (key == "NetworkingConfig" && value is JsonObject networking)
            {
                Networking(networking);
            }
            else if (!HarmlessOptions.OfContainer.Contains(key) && value is not null)
            {
                refuse("policy", $"create option '{key}' is not known to be harmless");
            }
        }

        foreach (var device in spec.Service.Devices.SelectMany(device => device.Alternatives))
        {
            Device(device);
        }
    }

    private void Host(string key, JsonNode? value)
    {
        if (value is null || HarmlessOptions.OfHost.Contains(key))
        {
            return;
        }

        switch (key)
        {
            case "Privileged" or "OomKillDisable":
                Unless(policy.Privileged || value.GetValueKind() == JsonValueKind.False, Widens, $"'{key}' is not allowed");
                break;
            case "UTSMode" or "UsernsMode":
                Namespace(key, value);
                break;
            case "PidMode":
                Namespace(key, value, [.. spec.Joined]);
                break;
            case "IpcMode":
                Namespace(key, value, ["private", "shareable", "none", .. spec.Joined]);
                break;
            case "CgroupnsMode":
                Namespace(key, value, "private");
                break;
            case "NetworkMode":
                Namespace(key, value, ["none", "bridge", "default", .. spec.Networks, .. spec.Joined]);
                break;
            case "Binds" or "Mounts" or "Devices" or "DeviceCgroupRules" or "CapAdd" or "SecurityOpt":
                Each(key, value);
                break;
            case "Sysctls":
                Sysctls(value);
                break;
            case "LogConfig":
                LogPolicy.Check(value, refuse);
                break;
            case "OomScoreAdj":
                Unless(policy.Privileged || (value is JsonValue number && number.TryGetValue<long>(out var points) && points >= 0), Widens, "'OomScoreAdj' below 0 is not allowed");
                break;
            case "MaskedPaths" or "ReadonlyPaths":
                Unless(policy.Privileged, Widens, $"'{key}' is not allowed");
                break;
            case "DeviceRequests" or "Runtime" or "CgroupParent" or "Annotations" or "CpuRealtimePeriod" or "CpuRealtimeRuntime":
                Unless(policy.Privileged || IsEmpty(value) || (key == "Runtime" && Text(value) == "runc"), Widens, $"'{key}' is not allowed");
                break;
            case "StorageOpt":
                Unless(value is JsonObject options && options.All(option => option.Key == "size"), "policy", "'StorageOpt' may give 'size' alone");
                break;
            case "VolumeDriver":
                Unless(Text(value) is "" or "local", "policy", "'VolumeDriver' must be local");
                break;
            default:
                Unless(IsEmpty(value) && key is "VolumesFrom" or "Links", "policy", $"host option '{key}' is not known to be harmless");
                break;
        }
    }

    private void Each(string key, JsonNode value)
    {
        if (value is not JsonArray list)
        {
            refuse("policy", $"'{key}' must be a list");
            return;
        }

        foreach (var item in list)
        {
            switch (key)
            {
                case "Binds":
                    MountPolicy.Bind(Text(item), spec, policy, refuse);
                    break;
                case "Mounts":
                    MountPolicy.Mount(item as JsonObject, spec, policy, refuse);
                    break;
                case "Devices":
                    Device(item as JsonObject);
                    break;
                case "DeviceCgroupRules":
                    DeviceRule(Text(item));
                    break;
                case "CapAdd":
                    Capability(Text(item));
                    break;
                default:
                    SecurityOption(Text(item));
                    break;
            }
        }
    }

    private void Namespace(string key, JsonNode value, params ReadOnlySpan<string> own)
    {
        var text = Text(value);
        if (text is "" || (text is not null && own.Contains(text)))
        {
            return;
        }

        if (text == "host")
        {
            Unless(policy.HostNamespaces, HostSpaces, $"'{key}' host is not allowed");
        }
        else
        {
            refuse(HostSpaces, $"'{key}' {value.ToJsonString()} is not allowed");
        }
    }

    private void Networking(JsonObject networking)
    {
        foreach (var (key, value) in networking)
        {
            foreach (var name in (value as JsonObject)?.Select(pair => pair.Key).Where(name => !spec.Networks.Contains(name)) ?? [])
            {
                refuse(HostSpaces, $"network '{name}' is not one of this service's networks");
            }

            Unless(key == "EndpointsConfig", "policy", $"'NetworkingConfig.{key}' is not known to be harmless");
        }
    }

    private void Device(JsonObject? item)
    {
        if (item is null || item.Any(pair => pair.Key is not ("PathOnHost" or "PathInContainer" or "CgroupPermissions")) || Text(item["PathOnHost"]) is not { } path)
        {
            refuse("policy.devices", "an item of 'Devices' takes PathOnHost, PathInContainer and CgroupPermissions");
            return;
        }

        foreach (var alternative in path.Split('|'))
        {
            Device(alternative);
        }
    }

    private void Device(string path) =>
        Unless(PathRules.AllowsDevice(policy.Devices, path), "policy.devices", $"device '{path}' is not allowed");

    /// <summary>A rule by numbers is no path: it must be covered by one like it, or by all of <c>/dev/</c>.</summary>
    private void DeviceRule(string? text) => Unless(
        Desired.DeviceRule.TryParse(text ?? "", out var asked)
            && policy.Devices.Any(entry => Desired.DeviceRule.TryParse(entry, out var rule) ? rule.Covers(asked) : PathRules.IsAllDevices(entry)),
        "policy.devices",
        $"device rule '{text}' is not allowed");

    private void Capability(string? text)
    {
        var name = text is null ? "" : Desired.ServiceValues.Capability(text);
        var allowed = policy.Capabilities.Select(Desired.ServiceValues.Capability).ToHashSet(StringComparer.Ordinal);
        Unless(HarmlessOptions.Capabilities.Contains(name) || allowed.Contains(name) || allowed.Contains("ALL"), "policy.capabilities", $"capability '{name}' is not allowed");
    }

    private void SecurityOption(string? text)
    {
        var harmless = text is "no-new-privileges" or "no-new-privileges:true" or "no-new-privileges=true";
        Unless(harmless || (text is not null && policy.SecurityOptions.Any(rule => PathRules.Glob(rule, text))), "policy.security_options", $"security option '{text}' is not allowed");
    }

    private void Sysctls(JsonNode value)
    {
        foreach (var name in (value as JsonObject)?.Select(pair => pair.Key) ?? ["?"])
        {
            Unless(name == "kernel.sem" || HarmlessOptions.Sysctls.Any(own => name.StartsWith(own, StringComparison.Ordinal)), HostSpaces, $"sysctl '{name}' is the host's");
        }
    }

    private void Unless(bool allowed, string rule, string message)
    {
        if (!allowed)
        {
            refuse(rule, message);
        }
    }

    private static bool IsEmpty(JsonNode value) => value is JsonArray { Count: 0 } or JsonObject { Count: 0 } || Text(value) is "" || (value.GetValueKind() == JsonValueKind.Number && value.ToJsonString() == "0");

    internal static string? Text(JsonNode? node) => node is JsonValue && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}

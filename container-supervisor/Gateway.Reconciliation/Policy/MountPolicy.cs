using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Policy;

/// <summary>Judges <c>HostConfig.Binds</c> and <c>HostConfig.Mounts</c>.</summary>
internal static class MountPolicy
{
    private const string Rule = "policy.bind_mounts";

    private static readonly ImmutableHashSet<string> HarmlessModes = ["", "ro", "rw", "z", "Z", "nocopy", "private", "rprivate", "slave", "rslave"];

    private static readonly ImmutableHashSet<string> Keys =
        ["Type", "Source", "Target", "ReadOnly", "Consistency", "BindOptions", "VolumeOptions", "TmpfsOptions"];

    private static readonly ImmutableHashSet<string> OptionKeys =
        ["BindOptions.Propagation", "BindOptions.NonRecursive", "BindOptions.CreateMountpoint", "VolumeOptions.NoCopy", "TmpfsOptions.SizeBytes", "TmpfsOptions.Mode"];

    public static void Bind(string? text, ContainerSpec spec, LocalPolicy policy, Action<string, string> refuse)
    {
        if (text is not null && spec.OwnMounts.Contains(text))
        {
            return;
        }

        var parts = text?.Split(':') ?? [];
        if (parts.Length is < 2 or > 3)
        {
            refuse(Rule, $"bind '{text}' is not source:target or source:target:options");
            return;
        }

        Source(parts[0], parts[0].StartsWith('/'), spec, policy, refuse);
        foreach (var mode in parts.Length == 3 ? parts[2].Split(',') : [])
        {
            Mode(mode, policy, refuse);
        }
    }

    public static void Mount(JsonObject? mount, ContainerSpec spec, LocalPolicy policy, Action<string, string> refuse)
    {
        if (mount is null)
        {
            refuse(Rule, "an item of 'Mounts' must be a mapping");
            return;
        }

        if (spec.OwnMounts.Contains(mount.ToJsonString()))
        {
            return;
        }

        foreach (var (key, value) in mount)
        {
            if (!Keys.Contains(key))
            {
                refuse("policy", $"mount option '{key}' is not known to be harmless");
            }

            foreach (var (inner, setting) in (value as JsonObject)?.AsEnumerable() ?? [])
            {
                Option($"{key}.{inner}", setting, policy, refuse);
            }
        }

        var source = BodyPolicy.Text(mount["Source"]) ?? "";
        switch (BodyPolicy.Text(mount["Type"]))
        {
            case "bind":
                Source(source, true, spec, policy, refuse);
                break;
            case "volume" when source.Length == 0:
            case "tmpfs" when source.Length == 0:
                break;
            case "volume":
                Source(source, false, spec, policy, refuse);
                break;
            default:
                refuse("policy", $"a mount of type {mount["Type"]?.ToJsonString() ?? "nothing"} is not known to be harmless");
                break;
        }
    }

    private static void Option(string name, JsonNode? value, LocalPolicy policy, Action<string, string> refuse)
    {
        if (name == "BindOptions.Propagation")
        {
            Mode(BodyPolicy.Text(value) ?? "?", policy, refuse);
        }
        else if (!OptionKeys.Contains(name) && value is not null)
        {
            refuse("policy", $"mount option '{name}' is not known to be harmless");
        }
    }

    private static void Source(string source, bool isPath, ContainerSpec spec, LocalPolicy policy, Action<string, string> refuse)
    {
        if (isPath)
        {
            if (!PathRules.AllowsBind(policy.BindMounts, source))
            {
                refuse(Rule, $"bind mount of '{source}' is not allowed");
            }
        }
        else if (!spec.Volumes.Contains(source))
        {
            refuse(Rule, $"volume '{source}' is not one of this service's volumes; name it under 'volumes'");
        }
    }

    private static void Mode(string mode, LocalPolicy policy, Action<string, string> refuse)
    {
        if (mode is "shared" or "rshared")
        {
            if (!policy.Privileged)
            {
                refuse("policy.privileged", $"mount propagation '{mode}' is not allowed");
            }
        }
        else if (!HarmlessModes.Contains(mode))
        {
            refuse("policy", $"bind option '{mode}' is not known to be harmless");
        }
    }
}

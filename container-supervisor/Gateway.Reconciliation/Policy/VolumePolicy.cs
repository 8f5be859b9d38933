using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Policy;

/// <summary>What a volume's driver may do: mount(8) options of the local driver can mount anything of the host.</summary>
internal static class VolumePolicy
{
    private static readonly ImmutableHashSet<string> Flags = ["ro", "rw", "noexec", "nosuid", "nodev", "noatime", "nodiratime", "relatime"];

    private static readonly ImmutableHashSet<string> TmpfsSettings = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks"];

    public static void Check(string driver, IReadOnlyDictionary<string, string> options, LocalPolicy policy, Action<string, string> refuse)
    {
        if (driver is not ("local" or ""))
        {
            refuse("policy", $"driver '{driver}' is not known to be harmless; use local");
            return;
        }

        if (options.Count == 0)
        {
            return;
        }

        foreach (var key in options.Keys.Where(key => key is not ("type" or "o" or "device" or "size")))
        {
            refuse("policy", $"driver option '{key}' is not known to be harmless");
        }

        var flags = options.GetValueOrDefault("o", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var type = options.GetValueOrDefault("type", "");
        if (flags.Any(flag => flag is "bind" or "rbind"))
        {
            Bind(options.GetValueOrDefault("device", ""), flags, policy, refuse);
        }
        else if (type == "tmpfs")
        {
            foreach (var flag in flags.Where(flag => !Flags.Contains(flag) && !TmpfsSettings.Contains(flag.Split('=')[0])))
            {
                refuse("policy", $"mount option '{flag}' is not known to be harmless");
            }
        }
        else if (options.Keys.Any(key => key != "size"))
        {
            refuse("policy", $"a volume of type '{type}' is not allowed: it could mount any disk or share; tmpfs and bind are judged");
        }
    }

    private static void Bind(string device, string[] flags, LocalPolicy policy, Action<string, string> refuse)
    {
        foreach (var flag in flags.Where(flag => flag is not ("bind" or "rbind") && !Flags.Contains(flag)))
        {
            refuse("policy", $"mount option '{flag}' is not known to be harmless");
        }

        // The local driver passes the path on as it is, so only one in normal form means what was judged.
        if (!HostPath.TryNormalise(device, out var normal) || normal != device)
        {
            refuse("policy.bind_mounts", $"device '{device}' must be a plain absolute path");
        }
        else if (!PathRules.AllowsBind(policy.BindMounts, device))
        {
            refuse("policy.bind_mounts", $"it mounts '{device}' of the host, which is not allowed");
        }
    }
}

using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>volumes</c> and <c>tmpfs</c> of a service.</summary>
internal static class MountReader
{
    private static readonly string[] Propagations = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];

    public static IEnumerable<VolumeMount> Read(YamlNode node, Reading reading)
    {
        if (node is not YamlSequence list)
        {
            reading.Fail(node, "'volumes' must be a list");
            return [];
        }

        var mounts = list.Items.Select(item => item is YamlMapping ? Long(item, reading) : Short(item, reading)).OfType<VolumeMount>().ToList();
        foreach (var twice in mounts.GroupBy(mount => mount.Target, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            reading.Fail(twice.Last().At, $"'{twice.Key}' is mounted twice");
        }

        return mounts;
    }

    /// <summary><c>/run</c> or <c>/run:size=64m,mode=755</c>.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Tmpfs(YamlNode node, Reading reading)
    {
        foreach (var text in reading.Texts(node, "'tmpfs'", single: true))
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var (target, options) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
            if (HostPath.TryNormalise(target, out var normal))
            {
                yield return new(normal, options);
            }
            else
            {
                reading.Fail(node, $"'tmpfs': '{target}' is not an absolute path");
            }
        }
    }

    private static VolumeMount? Short(YamlNode item, Reading reading)
    {
        if (reading.Word(item, "a volume") is not { } text)
        {
            return null;
        }

        var parts = text.Split(':');
        if (parts.Length > 3)
        {
            reading.Fail(item, $"'{text}' is not a volume like name:/path, /host:/path:ro or /path");
            return null;
        }

        var source = parts.Length == 1 ? null : parts[0];
        var target = parts.Length == 1 ? parts[0] : parts[1];
        var mount = Make(item, reading, source is null || !source.StartsWith('/') ? MountKind.Volume : MountKind.Bind, source, target);
        return parts.Length == 3 && mount is not null ? Options(item, reading, mount, parts[2]) : mount;
    }

    private static VolumeMount Options(YamlNode item, Reading reading, VolumeMount mount, string options)
    {
        foreach (var option in options.Split(','))
        {
            mount = option switch
            {
                "ro" => mount with { ReadOnly = true },
                "rw" or "cached" or "delegated" or "consistent" => mount,
                "z" or "Z" => mount with { SelinuxLabel = option },
                "nocopy" when mount.Kind == MountKind.Volume => mount with { NoCopy = true },
                _ when mount.Kind == MountKind.Bind && Propagations.Contains(option) => mount with { Propagation = option },
                _ => Unknown(option),
            };
        }

        return mount;

        VolumeMount Unknown(string option)
        {
            reading.Fail(item, $"a volume has no option '{option}'");
            return mount;
        }
    }

    private static VolumeMount? Long(YamlNode item, Reading reading)
    {
        var fields = reading.Open(item, "a volume");
        var type = fields.Required("type") is null ? null : fields.Text("type");
        var target = fields.Required("target") is null ? null : fields.Text("target");
        var source = fields.Text("source");
        var readOnly = fields.Boolean("read_only") ?? false;
        _ = fields.Text("consistency");
        MountKind? kind = type switch { "volume" => MountKind.Volume, "bind" => MountKind.Bind, "tmpfs" => MountKind.Tmpfs, _ => null };
        if (type is not null && kind is null)
        {
            fields.Fail(fields.Node("type")!, $"a volume of type '{type}' is not supported; there are volume, bind and tmpfs");
        }

        var mount = kind is { } known && target is not null ? Make(item, reading, known, source, target) : null;
        mount = mount is null ? null : Details(fields, reading, mount with { ReadOnly = readOnly });
        if (mount is not null)
        {
            fields.RejectUnknown();
        }

        return mount;
    }

    private static VolumeMount Details(YamlFields fields, Reading reading, VolumeMount mount)
    {
        if (mount.Kind == MountKind.Bind && fields.Node("bind") is { } bind)
        {
            var options = reading.Open(bind, "'bind'");
            mount = mount with
            {
                CreateHostPath = options.Boolean("create_host_path") ?? true,
                Propagation = options.Text("propagation"),
                SelinuxLabel = options.Text("selinux"),
            };
            if (mount.Propagation is { } propagation && !Propagations.Contains(propagation))
            {
                reading.Fail(bind, $"'propagation' must be one of {string.Join(", ", Propagations)}");
            }

            if (mount.SelinuxLabel is not (null or "z" or "Z"))
            {
                reading.Fail(bind, "'selinux' must be z or Z");
            }

            options.RejectUnknown();
        }
        else if (mount.Kind == MountKind.Volume && fields.Node("volume") is { } volume)
        {
            var options = reading.Open(volume, "'volume'");
            mount = mount with { NoCopy = options.Boolean("nocopy") ?? false };
            options.RejectUnknown();
        }
        else if (mount.Kind == MountKind.Tmpfs && fields.Node("tmpfs") is { } tmpfs)
        {
            var options = reading.Open(tmpfs, "'tmpfs'");
            mount = mount with
            {
                TmpfsSize = options.Node("size") is { } size ? reading.Bytes(size, "'size'") : null,
                TmpfsMode = options.Node("mode") is { } mode ? FileModes.Read(mode, reading) : null,
            };
            options.RejectUnknown();
        }

        return mount;
    }

    private static VolumeMount? Make(YamlNode item, Reading reading, MountKind kind, string? source, string target)
    {
        if (!HostPath.TryNormalise(target, out var inside) || inside == "/")
        {
            reading.Fail(item, $"'{target}' is not an absolute path in the container");
            return null;
        }

        switch (kind)
        {
            case MountKind.Bind when source is null || !HostPath.TryNormalise(source, out _):
                reading.Fail(item, $"'{source}' is not an absolute path of the host");
                return null;
            case MountKind.Bind:
                _ = HostPath.TryNormalise(source!, out var outside);
                return new VolumeMount(kind, outside, inside, false, item.At);
            case MountKind.Volume when source is not null && source.AsSpan().IndexOfAny("/~\\") >= 0:
            case MountKind.Volume when source is "" or "." or "..":
                reading.Fail(item, $"'{source}' is a relative path; a host path must be absolute, a volume is named under 'volumes'");
                return null;
            case MountKind.Tmpfs when source is not null:
                reading.Fail(item, "a tmpfs has no source");
                return null;
            default:
                return new VolumeMount(kind, source, inside, false, item.At);
        }
    }
}

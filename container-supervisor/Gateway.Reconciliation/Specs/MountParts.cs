using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Specs;

/// <summary>Volumes, bind mounts and devices in Engine JSON.</summary>
internal static class MountParts
{
    /// <summary>
    /// Short <c>Binds</c> wherever they can say it: with them every engine makes missing host folders. A path with a
    /// colon, or one that must exist, needs the long <c>Mounts</c>.
    /// </summary>
    public static void Add(JsonObject body, JsonObject host, Application application, Service service, HostFolders folders)
    {
        var (ownBinds, ownMounts) = Own(application, service, folders);
        var binds = ownBinds.ToList();
        var mounts = new JsonArray([.. ownMounts]);
        foreach (var mount in service.Volumes.Where(mount => mount.Source is not null || mount.Kind == MountKind.Tmpfs).OrderBy(mount => mount.Target, StringComparer.Ordinal))
        {
            var source = mount.Kind == MountKind.Volume ? application.Volumes.First(volume => volume.Key == mount.Source).Name : mount.Source;
            if (mount.Kind == MountKind.Tmpfs || !mount.CreateHostPath || source!.Contains(':', StringComparison.Ordinal) || mount.Target.Contains(':', StringComparison.Ordinal))
            {
                mounts.Add((JsonNode)Long(mount, source));
            }
            else
            {
                binds.Add(Short(mount, source));
            }
        }

        body.Set("Volumes", BodyParts.Set(service.Volumes.Where(mount => mount is { Kind: MountKind.Volume, Source: null }).Select(mount => mount.Target)));
        host.Set("Binds", BodyParts.List(binds));
        host.Set("Mounts", mounts);
        host.Set("Tmpfs", BodyParts.Map(service.Tmpfs));
    }

    /// <summary>
    /// What the supervisor adds: the folder of the local interface, which the engine makes when it is missing after a
    /// boot; and files of the document, which must be there.
    /// </summary>
    public static (ImmutableArray<string> Binds, ImmutableArray<JsonNode> Mounts) Own(Application application, Service service, HostFolders folders) =>
    (
        service.LocalApi ? [$"{folders.Api}/{application.Name}/{service.Name}:{ServiceChecks.LocalApiFolder}:ro"] : [],
        [
            .. service.Files.Select(file => new JsonObject
            {
                ["ReadOnly"] = true,
                ["Source"] = PlacedFile.At(folders.Files, application, service, file).Path,
                ["Target"] = file.Target,
                ["Type"] = "bind",
            }),
        ]);

    /// <param name="service">The service.</param>
    /// <param name="find">The path a device was found at, or the source itself.</param>
    public static JsonArray Devices(Service service, Func<DeviceMapping, string> find) => new(
    [
        .. service.Devices.Select(device => (JsonNode?)new JsonObject
        {
            ["PathOnHost"] = find(device),
            ["PathInContainer"] = device.Target ?? find(device),
            ["CgroupPermissions"] = device.Permissions,
        }),
    ]);

    public static JsonArray DeviceRequests(Service service) => new(
    [
        .. service.DeviceRequests.Select(request =>
        {
            var json = new JsonObject { ["Capabilities"] = new JsonArray(BodyParts.List(request.Capabilities)) };
            json.Set("Driver", request.Driver);
            json.Set("Count", request.Count);
            json.Set("DeviceIDs", BodyParts.List(request.Ids));
            json.Set("Options", BodyParts.Map(request.Options));
            return (JsonNode?)json;
        }),
    ]);

    private static string Short(VolumeMount mount, string source)
    {
        string?[] options = [mount.ReadOnly ? "ro" : null, mount.NoCopy ? "nocopy" : null, mount.SelinuxLabel, mount.Propagation];
        var text = string.Join(',', options.OfType<string>());
        return text.Length == 0 ? $"{source}:{mount.Target}" : $"{source}:{mount.Target}:{text}";
    }

    private static JsonObject Long(VolumeMount mount, string? source)
    {
        var json = new JsonObject { ["Type"] = mount.Kind switch { MountKind.Bind => "bind", MountKind.Tmpfs => "tmpfs", _ => "volume" } };
        json.Set("Source", source);
        json.Set("Target", mount.Target);
        json.SetTrue("ReadOnly", mount.ReadOnly);
        if (mount.Propagation is not null)
        {
            json["BindOptions"] = new JsonObject { ["Propagation"] = mount.Propagation };
        }

        if (mount.NoCopy)
        {
            json["VolumeOptions"] = new JsonObject { ["NoCopy"] = true };
        }

        var tmpfs = new JsonObject();
        tmpfs.Set("SizeBytes", mount.TmpfsSize);
        tmpfs.Set("Mode", mount.TmpfsMode);
        json.Set("TmpfsOptions", tmpfs);
        return json;
    }
}

using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Engine;
using Gateway.HostController.Configuration;

namespace Gateway.HostController.Supervisor;

/// <summary>How the supervisor's container is made (FORMATS, "Container supervisor"). Pure.</summary>
internal static class SupervisorContainer
{
    public const string RoleLabel = "io.gateway.role";
    public const string Role = "supervisor";

    /// <summary>Hash of everything that defines the container: another one means that it must be made anew.</summary>
    public const string ConfigLabel = "io.gateway.config";

    /// <summary>Folders on the machine that must be there before the container is made.</summary>
    public static IReadOnlyList<string> OwnFolders { get; } = ["/etc/gateway", "/var/lib/gateway/container-supervisor", "/run/gateway"];

    /// <summary>The container from this image.</summary>
    /// <param name="image">Its reference.</param>
    /// <param name="settings">The <c>supervisor</c> key.</param>
    /// <param name="dockerSocket">As the machine names it. Its folder is mounted: a socket bound by itself goes stale.</param>
    /// <param name="paths">Where the sources of mounts really lie.</param>
    /// <param name="hasDevices">Whether there are device nodes under the root; an empty <c>/dev</c> would keep any container from starting.</param>
    public static ContainerSpec Create(string image, SupervisorSettings settings, string dockerSocket, HostPaths paths, bool hasDevices = true)
    {
        var spec = new ContainerSpec
        {
            Image = image,
            Env = [.. settings.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
            StopTimeout = 30,
            HostConfig = new HostConfigSpec
            {
                Binds = Binds(settings, dockerSocket, paths, hasDevices),
                NetworkMode = settings.Network,
                RestartPolicy = new RestartPolicySpec { Name = "always" },
                LogConfig = new LogConfigSpec("json-file", new Dictionary<string, string>(StringComparer.Ordinal) { ["max-file"] = "3", ["max-size"] = "5m" }),
            },
        };
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec.ToJson().ToJsonString())));
        return spec with
        {
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [RoleLabel] = Role, [ConfigLabel] = hash },
        };
    }

    /// <summary>The hash in a container made by <see cref="Create"/>; empty for any other.</summary>
    public static string HashOf(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(ConfigLabel, "");

    private static List<string> Binds(SupervisorSettings settings, string dockerSocket, HostPaths paths, bool hasDevices)
    {
        var folder = Path.GetDirectoryName(dockerSocket)!;
        var binds = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [folder] = $"{paths.On(folder)}:{folder}",
            ["/etc/gateway"] = $"{paths.On("/etc/gateway")}:/etc/gateway:ro",
            ["/var/lib/gateway/container-supervisor"] = $"{paths.On("/var/lib/gateway/container-supervisor")}:/var/lib/gateway/container-supervisor",
            ["/run/gateway"] = $"{paths.On("/run/gateway")}:/run/gateway",
        };
        if (hasDevices)
        {
            binds["/dev"] = $"{paths.On("/dev")}:/dev:ro";
        }

        foreach (var mount in settings.Mounts)
        {
            var parts = mount.Split(':', 3);
            binds[parts[1]] = string.Join(':', [paths.On(parts[0]), .. parts[1..]]);
        }

        return [.. binds.Values];
    }
}

using Gateway.Core.Engine;
using Gateway.Core.Registry;
using Gateway.HostController.Configuration;

namespace Gateway.HostController.Supervisor;

/// <summary>What work on the supervisor is put together from, as configured.</summary>
internal sealed class SupervisorParts(HostPaths paths, HostConfiguration configuration, TimeProvider clock)
{
    /// <summary>Where the record is kept.</summary>
    public SupervisorStore Store { get; } = new(StatePaths.Supervisor(paths, configuration));

    /// <summary>Where a copy of the last good image is kept.</summary>
    public SupervisorArchive Archive { get; } = new(StatePaths.Supervisor(paths, configuration));

    /// <summary>Log-ins to registries, as <c>docker_login</c> keeps them.</summary>
    public CredentialsFile Logins { get; } = new(paths.On(CredentialsFile.UsualPath), mayBeAbsent: true);

    public string Name => configuration.Supervisor.Name;

    /// <summary>The engine; nothing is connected before the first call.</summary>
    public DockerClient Connect() => new(paths.On(configuration.DockerSocket));

    public SupervisorActions Actions(DockerClient engine) => new(engine, new SupervisorEngine(engine, Name) { Logins = Logins }, Archive, Specify, clock);

    public SupervisorTurn Turn(TimeSpan longest) => new(Path.Combine(paths.Runtime, "supervisor.lock"), longest, clock);

    /// <summary>The release that this image is with the settings of now.</summary>
    public SupervisorRelease Release(string image) => new(image, "", SupervisorContainer.HashOf(Container(image).Labels!));

    /// <summary>Folders that the container binds.</summary>
    public void MakeFolders()
    {
        foreach (var folder in SupervisorContainer.OwnFolders)
        {
            Directory.CreateDirectory(paths.On(folder));
        }
    }

    /// <summary>As configured now, under the hash it was released with: a setting that changed since is the next playbook's affair.</summary>
    private ContainerSpec Specify(SupervisorRelease release)
    {
        var spec = Container(release.Image);
        return spec with { Labels = new Dictionary<string, string>(spec.Labels!, StringComparer.Ordinal) { [SupervisorContainer.ConfigLabel] = release.Hash } };
    }

    private ContainerSpec Container(string image) =>
        SupervisorContainer.Create(image, configuration.Supervisor, configuration.DockerSocket, paths, File.Exists(paths.On("/dev/null")));
}

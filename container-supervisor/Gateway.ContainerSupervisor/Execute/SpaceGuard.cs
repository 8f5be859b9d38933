using Gateway.Core.Engine;
using Gateway.Core.Registry;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Reconciliation.Desired;
using Serilog;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>Sees to it that images do not fill the disk: before a pull by what its registry tells, during it by what is left.</summary>
/// <param name="docker">The engine.</param>
/// <param name="stateDirectory">Stands for the engine's disk where the engine's own folder cannot be seen.</param>
/// <param name="space">Free space of a folder's disk.</param>
/// <param name="log">Where what could not be asked goes.</param>
internal sealed class SpaceGuard(DockerClient docker, string stateDirectory, Func<string, Result<DiskSpace>> space, ILogger log)
{
    private const int MostImages = 200;

    /// <summary>The folder whose disk images go to, as far as it can be seen from here.</summary>
    public string Folder(EngineInfo engine) => Directory.Exists(engine.DockerRootDir) ? engine.DockerRootDir : stateDirectory;

    /// <summary>Why the image must not be pulled now; null when it may, or when its registry does not tell what it takes.</summary>
    public async Task<Failure?> RefuseAsync(ImageReference image, EngineInfo engine, RegistryAuth? auth, CancellationToken cancellation)
    {
        using var registry = new RegistryClient();
        var place = new ImagePlace(image.Registry, image.Repository, image.Digest ?? image.Tag ?? "latest", engine.RegistryConfig.IsInsecure(image.Registry));
        var asked = await registry.LayersAsync(place, Architecture(engine), auth, cancellation);
        if (!asked.TryGet(out var layers, out var unknown))
        {
            log.Debug("What {Image} takes is not known before it is pulled: {Reason}", image.ToString(), unknown[0].ToString());
            return Short(image, engine, new SpaceNeed(0));
        }

        return Short(image, engine, SpaceNeed.Of(layers, await PresentAsync(cancellation)));
    }

    /// <summary>Why a pull that is under way must stop: it has come to what must be left free.</summary>
    public Failure? Stop(ImageReference image, EngineInfo engine) => Short(image, engine, new SpaceNeed(0));

    private Failure? Short(ImageReference image, EngineInfo engine, SpaceNeed need)
    {
        var folder = Folder(engine);
        if (!space(folder).TryGet(out var disk, out var unknown))
        {
            log.Debug("{Reason}", unknown[0].ToString());
            return null;
        }

        var reserve = SpaceNeed.Reserve(disk);
        return disk.Free >= need.Total + reserve
            ? null
            : new Failure(
                Phase.Apply,
                $"image {image}",
                need.Download == 0
                    ? $"not enough space: {Bytes.Mib(disk.Free)} MiB are free on the disk of {folder}, and {Bytes.Mib(reserve)} MiB must stay free to go back; make room"
                    : $"not enough space: it needs about {Bytes.Mib(need.Total)} MiB ({Bytes.Mib(need.Download)} to download, the rest to unpack them) and {Bytes.Mib(reserve)} MiB must stay free to go back, "
                        + $"but {Bytes.Mib(disk.Free)} MiB are free on the disk of {folder}; make room",
                Retryable: true)
            {
                Kind = FailureKind.DiskFull,
            };
    }

    private async Task<List<IReadOnlyList<string>>> PresentAsync(CancellationToken cancellation)
    {
        var present = new List<IReadOnlyList<string>>();
        var images = await docker.Images.ListAsync(cancel: cancellation);
        foreach (var image in images.IsSuccess ? images.Value.Take(MostImages) : [])
        {
            if ((await docker.Images.InspectAsync(image.Id, cancellation)).TryGet(out var details, out _))
            {
                present.Add(details.RootFs.Layers);
            }
        }

        return present;
    }

    /// <summary>The engine names the machine as the kernel does, a registry as Go does.</summary>
    private static string Architecture(EngineInfo engine) => engine.Architecture switch
    {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "i686" or "i386" => "386",
        var arm when arm.StartsWith("arm", StringComparison.Ordinal) => "arm",
        var other => other,
    };
}

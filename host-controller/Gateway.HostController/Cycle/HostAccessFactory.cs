using Gateway.HostController.Configuration;
using Gateway.HostController.Run;
using Serilog;

namespace Gateway.HostController.Cycle;

/// <summary>Gives runs their way to the machine.</summary>
internal static class HostAccessFactory
{
    /// <summary>The machine under <paramref name="paths"/>, as configured.</summary>
    public static HostAccess Create(HostPaths paths, HostConfiguration configuration, ILogger log) =>
        new(paths.Root, paths.On(configuration.DockerSocket));
}

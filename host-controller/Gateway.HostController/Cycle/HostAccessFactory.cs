using Gateway.HostController.Configuration;
using Gateway.HostController.Run;
using Gateway.HostController.Supervisor;
using Serilog;

namespace Gateway.HostController.Cycle;

/// <summary>Gives runs their way to the machine.</summary>
internal static class HostAccessFactory
{
    /// <summary>The machine under <paramref name="paths"/>, as configured.</summary>
    public static HostAccess Create(HostPaths paths, HostConfiguration configuration, ILogger log)
    {
        var supervisor = new SupervisorUpdater(paths, configuration, TimeProvider.System, log);
        return new HostAccess(paths.Root, paths.On(configuration.DockerSocket))
        {
            Policy = configuration.Policy,
            AllowedLookups = configuration.AllowedLookups,
            ReadSupervisor = supervisor.ReadAsync,
            UpdateSupervisor = supervisor.UpdateAsync,
        };
    }
}

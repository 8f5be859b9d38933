using Gateway.HostController.Configuration;

namespace Gateway.HostController;

/// <summary>Folders in the state directory, on this machine.</summary>
internal static class StatePaths
{
    /// <summary>Run reports.</summary>
    public static string Reports(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "reports");

    /// <summary>What was last fetched; never trusted.</summary>
    public static string Fetched(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "fetched");

    private static string In(HostPaths paths, HostConfiguration configuration, string folder) =>
        Path.Combine(paths.On(configuration.StateDirectory), folder);
}

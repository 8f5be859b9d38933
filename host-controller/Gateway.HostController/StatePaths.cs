using Gateway.HostController.Configuration;

namespace Gateway.HostController;

/// <summary>Folders in the state directory, on this machine.</summary>
internal static class StatePaths
{
    /// <summary>Run reports.</summary>
    public static string Reports(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "reports");

    /// <summary>What was last fetched; never trusted.</summary>
    public static string Fetched(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "fetched");

    /// <summary>The record of the supervisor's update, and a copy of its last good image.</summary>
    public static string Supervisor(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "supervisor");

    /// <summary>What the failsafe remembers.</summary>
    public static string Failsafe(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "failsafe.json");

    /// <summary>Our own packages, the installed one and the one before.</summary>
    public static string Packages(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "packages");

    /// <summary>Bundles, each with its content unpacked.</summary>
    public static string Bundles(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "bundles");

    /// <summary>The run that stopped for a reboot.</summary>
    public static string Reboot(HostPaths paths, HostConfiguration configuration) => In(paths, configuration, "reboot.json");

    /// <summary>Makes the state directory, 0700, if it is not there; its parents as the system makes folders.</summary>
    public static void Make(HostPaths paths, HostConfiguration configuration)
    {
        var state = paths.On(configuration.StateDirectory);
        Directory.CreateDirectory(Path.GetDirectoryName(state)!);
        Directory.CreateDirectory(state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string In(HostPaths paths, HostConfiguration configuration, string folder) =>
        Path.Combine(paths.On(configuration.StateDirectory), folder);
}

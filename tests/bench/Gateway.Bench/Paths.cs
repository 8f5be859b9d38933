namespace Gateway.Bench;

/// <summary>Where the build left things: the benchmark measures what is shipped.</summary>
internal static class Paths
{
    public static string Repository { get; } = Find();

    public static string HostController => Path.Combine(Repository, "out/bin/host-controller");

    public static string ContainerSupervisor => Path.Combine(Repository, "out/bin/container-supervisor");

    public static string Image => Path.Combine(Repository, "out/image/container-supervisor.tar");

    public static string Packages => Path.Combine(Repository, "out/deb");

    public static string Sandbox => Path.Combine(Repository, "demo/sandbox.sh");

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Gateway.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("run the benchmark from the repository");
    }
}

namespace Gateway.HostController;

/// <summary>
/// Where things lie on this machine. With <c>--root DIR</c> every absolute path that the program chooses, or that its
/// configuration or a playbook names, lies under that folder; tests and image builds use that. Without, paths are
/// what they say.
/// </summary>
internal sealed class HostPaths
{
    private readonly string root;

    /// <param name="root">The folder given with <c>--root</c>, or null for the machine itself.</param>
    public HostPaths(string? root = null) => this.root = root is null ? "/" : Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>The machine itself.</summary>
    public static HostPaths Machine { get; } = new();

    /// <summary>Absolute, <c>/</c> for the machine itself.</summary>
    public string Root => root;

    /// <summary>Whether paths are those of the machine itself.</summary>
    public bool IsMachine => root == "/";

    /// <summary>The configuration where <c>--config</c> names no other.</summary>
    public string Configuration => On("/etc/gateway/host-controller.yaml");

    /// <summary>The last configuration that was good. Not in the state directory: that is what a configuration names.</summary>
    public string LastGoodConfiguration => On("/var/lib/gateway/host-controller.last-good.yaml");

    /// <summary>Locks and sockets; gone after a boot.</summary>
    public string Runtime => On("/run/gateway");

    /// <summary>Held by the one host controller at work.</summary>
    public string Lock => On("/run/gateway/host-controller.lock");

    /// <summary>Where an absolute path of the machine really lies. <c>..</c> never leads out of the root.</summary>
    public string On(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path[0] != '/')
        {
            throw new ArgumentException($"'{path}' is not an absolute path", nameof(path));
        }

        var plain = Path.GetFullPath(path);
        return IsMachine ? plain : plain == "/" ? root : root + plain;
    }

    /// <summary>The machine's name for a path given by <see cref="On"/>; for messages and for what runs inside the root.</summary>
    public string Inside(string real) =>
        IsMachine || !real.StartsWith(root, StringComparison.Ordinal) ? real
        : real.Length == root.Length ? "/"
        : real[root.Length] == '/' ? real[root.Length..] : real;
}

namespace Gateway.Reconciliation.Specs;

/// <summary>Folders of the host that containers are given parts of. Where they are is not part of what defines a container.</summary>
/// <param name="Files">Where files that stand in a document are written: <c>&lt;state_directory&gt;/files</c>.</param>
/// <param name="Api">Where the local interface has a folder for each service: <c>&lt;run_directory&gt;/api</c>.</param>
public sealed record HostFolders(string Files, string Api)
{
    /// <summary>As <c>supervisor.yaml</c> has them when it does not say.</summary>
    public static HostFolders Default { get; } = Of("/var/lib/gateway/container-supervisor", "/run/gateway");

    /// <summary>In place of the real ones where a container's definition is hashed.</summary>
    internal static HostFolders Symbolic { get; } = new("/files", "/api");

    /// <summary>By <c>state_directory</c> and <c>run_directory</c>.</summary>
    public static HostFolders Of(string stateDirectory, string runDirectory) => new($"{stateDirectory.TrimEnd('/')}/files", $"{runDirectory.TrimEnd('/')}/api");
}

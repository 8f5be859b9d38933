using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.Core.Registry;

/// <summary>
/// A file of <see cref="RegistryCredentials"/>, read again when it has changed. It must be its owner's alone (mode 0600 or
/// stricter): one that others may read is not used. Safe for use from many threads.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="mayBeAbsent">Whether a file that is not there means no log-ins, and is nothing to complain about.</param>
public sealed class CredentialsFile(string path, bool mayBeAbsent = false)
{
    /// <summary>Where both programs look when nothing else is said, and <c>docker_login</c> writes.</summary>
    public const string UsualPath = "/etc/gateway/registry-credentials.json";

    private const int LargestFile = 1024 * 1024;
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    private readonly Lock gate = new();
    private (DateTime Written, long Length) seen;
    private Result<RegistryCredentials> credentials = RegistryCredentials.None;

    /// <summary>The log-in for a registry, null when the file has none; a failure when there is a file that cannot be used.</summary>
    public Result<RegistryAuth?> For(string registry)
    {
        lock (gate)
        {
            return Current() is { IsSuccess: false } wrong ? wrong.Failures : credentials.Value.For(registry);
        }
    }

    /// <summary>The log-in for an image's registry, null for none; a file that cannot be used is told.</summary>
    public RegistryAuth? ForImage(string reference, Action<string> tell)
    {
        var first = reference.Split('/')[0];
        var registry = reference.Contains('/', StringComparison.Ordinal) && (first.AsSpan().IndexOfAny('.', ':') >= 0 || first == "localhost") ? first : "docker.io";
        if (For(registry).TryGet(out var auth, out var wrong))
        {
            return auth;
        }

        tell($"without a log-in: {wrong[0]}");
        return null;
    }

    private Result<RegistryCredentials> Current()
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            seen = default;
            return credentials = mayBeAbsent ? RegistryCredentials.None : Wrong("is not there; write it, or take `registry_credentials` out of the configuration");
        }

        // Not kept: the mode may be mended without the content changing.
        if ((file.UnixFileMode & Others) != UnixFileMode.None)
        {
            seen = default;
            return credentials = Wrong("may be read or written by others than its owner and is not used; `chmod 600` it");
        }

        if (seen != (file.LastWriteTimeUtc, file.Length))
        {
            var read = AtomicFile.ReadIfThere(path, LargestFile);
            credentials = read.Then(bytes => bytes is null ? Wrong("is not there") : RegistryCredentials.Parse(bytes, path));
            seen = (file.LastWriteTimeUtc, file.Length);
        }

        return credentials;
    }

    private Failure Wrong(string message) => new(Phase.Configuration, path, message, Retryable: true);
}

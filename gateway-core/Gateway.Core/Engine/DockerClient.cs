using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>
/// The Docker Engine API over its Unix socket (docs.docker.com/reference/api/engine), as much of it as the programs here need.
/// Every method returns what the engine said, failures with the engine's own message; only cancellation throws
/// (<see cref="OperationCanceledException"/>). Everything but a stream is bounded in time and size. Safe for use from many threads.
/// </summary>
/// <remarks>A failure's <see cref="Failure.Kind"/> tells not found, conflict, refused, unavailable and timed out apart.</remarks>
public sealed class DockerClient : IDisposable
{
    /// <summary>Where Debian's engine listens.</summary>
    public const string DefaultSocket = "/run/docker.sock";

    private readonly EngineConnection connection;

    /// <summary>A client of the engine behind this socket; nothing is connected before the first call.</summary>
    public DockerClient(string socketPath)
        : this(socketPath, new DockerClientOptions())
    {
    }

    /// <summary>A client with other time-outs.</summary>
    public DockerClient(string socketPath, DockerClientOptions options)
    {
        connection = new EngineConnection(socketPath, options);
        Containers = new ContainerApi(connection);
        Images = new ImageApi(connection);
        Networks = new NetworkApi(connection);
        Volumes = new VolumeApi(connection);
    }

    public ContainerApi Containers { get; }

    public ImageApi Images { get; }

    public NetworkApi Networks { get; }

    public VolumeApi Volumes { get; }

    /// <summary>How many requests were sent so far.</summary>
    public long Calls => connection.Calls;

    /// <summary>Whether the engine answers.</summary>
    public Task<Result<Nothing>> PingAsync(CancellationToken cancel = default) =>
        connection.DoAsync(new EngineCall(HttpMethod.Get, "/_ping", "docker engine") { Versioned = false, Timeout = connection.Options.PingTimeout }, cancel);

    /// <summary>The engine's version and the API versions it speaks.</summary>
    public Task<Result<EngineVersion>> VersionAsync(CancellationToken cancel = default) =>
        connection.ReadAsync(EngineConnection.VersionCall, EngineJson.Default.EngineVersion, cancel);

    /// <summary>Where the engine keeps its data, and how it is set up.</summary>
    public Task<Result<EngineInfo>> InfoAsync(CancellationToken cancel = default) =>
        connection.ReadAsync(new EngineCall(HttpMethod.Get, "/info", "docker engine"), EngineJson.Default.EngineInfo, cancel);

    /// <summary>Has the engine try a log-in at its registry; what the registry says against it is the failure.</summary>
    public Task<Result<Nothing>> LogInAsync(RegistryAuth auth, CancellationToken cancel = default) => connection.DoAsync(
        new EngineCall(HttpMethod.Post, "/auth", $"registry {auth.ServerAddress}")
        {
            Timeout = connection.Options.StallTimeout,
            Body = () => new ByteArrayContent(ImageStreams.Json(auth)) { Headers = { ContentType = new("application/json") } },
        },
        cancel);

    /// <summary>
    /// The engine's events as they happen, from <see cref="EventFilter.Since"/> on if given. It goes on until cancelled (which throws)
    /// or until the engine goes away: then the last element is a failure.
    /// </summary>
    public IAsyncEnumerable<Result<EngineEvent>> WatchAsync(EventFilter filter, CancellationToken cancel = default) =>
        EventStream.WatchAsync(connection, filter, begun: null, cancel);

    /// <summary>The same; <paramref name="begun"/> is told when the engine has answered, before the first event.</summary>
    public IAsyncEnumerable<Result<EngineEvent>> WatchAsync(EventFilter filter, Action begun, CancellationToken cancel = default) =>
        EventStream.WatchAsync(connection, filter, begun, cancel);

    public void Dispose() => connection.Dispose();
}

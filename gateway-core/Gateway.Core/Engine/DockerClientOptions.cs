namespace Gateway.Core.Engine;

/// <summary>How long the client waits. The defaults suit a slow SD card.</summary>
public sealed record DockerClientOptions
{
    /// <summary>For a sign of life.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a question.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For a change; a stop's grace comes on top.</summary>
    public TimeSpan ChangeTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For the next sign of progress of a pull, load or save.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(5);
}

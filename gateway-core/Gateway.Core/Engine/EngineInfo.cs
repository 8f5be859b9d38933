namespace Gateway.Core.Engine;

/// <summary>Answer of <c>GET /info</c>, the part that is used.</summary>
public sealed record EngineInfo
{
    /// <summary>The engine's identity; another data folder gives another one.</summary>
    public string ID { get => field ?? ""; init; }

    /// <summary>The data folder, on the engine's file system: the disk that fills up.</summary>
    public string DockerRootDir { get => field ?? ""; init; }

    public string Driver { get => field ?? ""; init; }

    public string ServerVersion { get => field ?? ""; init; }

    /// <summary><c>1</c> or <c>2</c>.</summary>
    public string CgroupVersion { get => field ?? ""; init; }

    public string Architecture { get => field ?? ""; init; }

    public int Containers { get; init; }

    public int ContainersRunning { get; init; }

    public int Images { get; init; }

    /// <summary>Bytes of memory.</summary>
    public long MemTotal { get; init; }

    public bool LiveRestoreEnabled { get; init; }

    /// <summary>What the engine complains about.</summary>
    public IReadOnlyList<string> Warnings { get => field ?? []; init; }
}

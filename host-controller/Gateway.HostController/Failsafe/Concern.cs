using System.Text.Json.Serialization;

namespace Gateway.HostController.Failsafe;

/// <summary>What the failsafe looks after; each has its own count of attempts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Concern>))]
internal enum Concern
{
    /// <summary>Room on the disk.</summary>
    Disk,

    /// <summary>The Docker engine.</summary>
    Engine,

    /// <summary>The container supervisor.</summary>
    Supervisor,

    /// <summary>That the supervisor could come back: its image in the engine, and a copy outside.</summary>
    Reserve,

    /// <summary>The package database.</summary>
    Packages,
}

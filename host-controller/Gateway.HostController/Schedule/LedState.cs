using System.Text.Json.Serialization;

namespace Gateway.HostController.Schedule;

/// <summary>What an LED did before we flashed it.</summary>
/// <param name="Name">The LED.</param>
/// <param name="Trigger">The kernel trigger that drove it.</param>
/// <param name="Brightness">Its brightness.</param>
internal sealed record LedState(string Name, string Trigger, string Brightness);

/// <summary>Reads and writes <see cref="LedState"/> without reflection.</summary>
[JsonSerializable(typeof(LedState))]
internal sealed partial class LedJson : JsonSerializerContext;

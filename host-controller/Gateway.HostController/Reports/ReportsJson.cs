using System.Text.Json.Serialization;

namespace Gateway.HostController.Reports;

/// <summary>Reads and writes reports without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(DaemonState))]
internal sealed partial class ReportsJson : JsonSerializerContext;

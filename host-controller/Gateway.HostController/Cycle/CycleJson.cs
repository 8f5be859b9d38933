using System.Text.Json.Serialization;

namespace Gateway.HostController.Cycle;

/// <summary>Reads and writes the state of cycles without reflection; a missing or unknown member is an error.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(AcceptedPlaybook))]
[JsonSerializable(typeof(StreamRecord))]
internal sealed partial class CycleJson : JsonSerializerContext;

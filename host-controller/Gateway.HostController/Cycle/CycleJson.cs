using System.Text.Json.Serialization;

namespace Gateway.HostController.Cycle;

/// <summary>Reads and writes the state of cycles without reflection; a missing member is an error, one that a newer version has added is not.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(AcceptedPlaybook))]
[JsonSerializable(typeof(StreamRecord))]
internal sealed partial class CycleJson : JsonSerializerContext;

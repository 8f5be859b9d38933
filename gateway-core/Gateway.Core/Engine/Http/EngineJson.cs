using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gateway.Core.Engine;

/// <summary>
/// The engine's JSON. Reading is lenient (unknown members are skipped, missing and null ones become empty): engines add and drop members
/// from version to version.
/// </summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineVersion))]
[JsonSerializable(typeof(EngineInfo))]
[JsonSerializable(typeof(EngineEvent))]
[JsonSerializable(typeof(EngineMessage))]
[JsonSerializable(typeof(ContainerSummary[]))]
[JsonSerializable(typeof(ContainerDetails))]
[JsonSerializable(typeof(ContainerSpec))]
[JsonSerializable(typeof(CreatedContainer))]
[JsonSerializable(typeof(WaitAnswer))]
[JsonSerializable(typeof(RestartPolicyUpdate))]
[JsonSerializable(typeof(ImageSummary[]))]
[JsonSerializable(typeof(ImageDetails))]
[JsonSerializable(typeof(ProgressLine))]
[JsonSerializable(typeof(RemovedImage[]))]
[JsonSerializable(typeof(PruneAnswer))]
[JsonSerializable(typeof(NetworkDetails[]))]
[JsonSerializable(typeof(NetworkSpec))]
[JsonSerializable(typeof(CreatedNetwork))]
[JsonSerializable(typeof(NetworkConnection))]
[JsonSerializable(typeof(VolumeDetails))]
[JsonSerializable(typeof(VolumeList))]
[JsonSerializable(typeof(VolumeSpec))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class EngineJson : JsonSerializerContext
{
    internal static readonly IReadOnlyDictionary<string, string> NoLabels = ImmutableDictionary<string, string>.Empty;
    internal static readonly IReadOnlyDictionary<string, ContainerEndpoint> NoEndpoints = ImmutableDictionary<string, ContainerEndpoint>.Empty;
    internal static readonly IReadOnlyDictionary<string, NetworkMember> NoMembers = ImmutableDictionary<string, NetworkMember>.Empty;
}

/// <summary>Every error's body.</summary>
internal sealed record EngineMessage
{
    [JsonPropertyName("message")]
    public string Message { get => field ?? ""; init; }
}

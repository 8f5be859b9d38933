using System.Text.Json.Serialization;

namespace Gateway.Core.Releases;

/// <summary>One copy of the marks on disk.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Revision">Counts the times of saving, so that the newer of two copies is known.</param>
/// <param name="NewestSigned">See <see cref="ReleaseMarks.NewestSigned"/>.</param>
/// <param name="Streams">See <see cref="ReleaseMarks.Streams"/>.</param>
internal sealed record MarksFile(int Schema, long Revision, DateTimeOffset? NewestSigned, Dictionary<string, ReleaseMark> Streams)
{
    public const int KnownSchema = 1;
}

/// <summary>Reads and writes <see cref="MarksFile"/> without reflection; a missing or null member is an error, one that a newer version has added is not.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(MarksFile))]
internal sealed partial class MarksJson : JsonSerializerContext;

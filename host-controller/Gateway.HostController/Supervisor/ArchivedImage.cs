using System.Text.Json.Serialization;

namespace Gateway.HostController.Supervisor;

/// <summary>What the archive of the last good image holds.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Image">The reference it was asked for by.</param>
/// <param name="ImageId">The engine's id of it.</param>
/// <param name="Sha256">Of the archive file, which is named by it: <c>&lt;sha256&gt;.tar.gz</c>.</param>
/// <param name="Bytes">The archive's length.</param>
internal sealed record ArchivedImage(int Schema, string Image, string ImageId, string Sha256, long Bytes)
{
    public const int KnownSchema = 1;
}

/// <summary>Reads and writes <see cref="ArchivedImage"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ArchivedImage))]
internal sealed partial class ArchiveJson : JsonSerializerContext;

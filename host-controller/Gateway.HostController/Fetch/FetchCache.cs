using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Fetch;

/// <summary>The last bytes that came from an address, so that an unchanged playbook is not sent again.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Url">Where the document came from; another address makes the copy worthless.</param>
/// <param name="Document">The document.</param>
/// <param name="Signature">Its signature.</param>
internal sealed record CachedPair(int Schema, string Url, CachedPart Document, CachedPart Signature)
{
    public const int KnownSchema = 1;
}

/// <summary>One half of a <see cref="CachedPair"/>.</summary>
/// <param name="Content">The bytes, never trusted: they are verified again each time.</param>
/// <param name="ETag">See <see cref="Validators.ETag"/>.</param>
/// <param name="LastModified">See <see cref="Validators.LastModified"/>.</param>
internal sealed record CachedPart(byte[] Content, string? ETag, string? LastModified)
{
    public static CachedPart Of(ReadOnlyMemory<byte> content, Validators validators) => new(content.ToArray(), validators.ETag, validators.LastModified);

    [JsonIgnore]
    public Validators Validators => new(ETag, LastModified);
}

/// <summary>Reads and writes <see cref="CachedPair"/> without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CachedPair))]
internal sealed partial class FetchJson : JsonSerializerContext;

/// <summary>Keeps one <see cref="CachedPair"/> per stream, each in one file, so that its halves never part.</summary>
/// <param name="folder">Where, on this machine; made when it is missing.</param>
internal sealed class FetchCache(string folder)
{
    private const int LargestFile = 2 * (SourceText.LargestDocument + SignatureVerifier.LargestSignature);

    /// <summary>The copy of a stream if it came from this address, else null. A damaged copy is none.</summary>
    public CachedPair? Load(string stream, Uri url)
    {
        if (AtomicFile.ReadIfThere(PathOf(stream), LargestFile) is not { IsSuccess: true, Value: { } content })
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(content, FetchJson.Default.CachedPair) is { Schema: CachedPair.KnownSchema } pair && pair.Url == url.AbsoluteUri ? pair : null;
        }
        catch (JsonException)
        {
            // Without a copy the next request is not conditional, which is all that is lost.
            return null;
        }
    }

    /// <summary>Keeps a pair, unless the same is there.</summary>
    public Result<Nothing> Save(string stream, CachedPair pair)
    {
        Directory.CreateDirectory(folder);
        var written = AtomicFile.WriteIfChanged(PathOf(stream), JsonSerializer.SerializeToUtf8Bytes(pair, FetchJson.Default.CachedPair), AtomicFile.OwnerOnly);
        return written.IsSuccess ? default(Nothing) : written.Failures;
    }

    private string PathOf(string stream) => Path.Combine(folder, $"{stream}.json");
}

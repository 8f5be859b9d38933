using System.Collections.Immutable;

namespace Gateway.Core.Engine;

/// <summary>One step of a pull or load, as the engine reports it.</summary>
/// <param name="Layer">The layer's short id, empty when it is about the whole image.</param>
/// <param name="Status"><c>Downloading</c>, <c>Extracting</c>, <c>Pull complete</c>, …</param>
/// <param name="Current">Bytes done, 0 if not told.</param>
/// <param name="Total">Bytes in all, 0 if not told.</param>
public sealed record PullProgress(string Layer, string Status, long Current, long Total);

/// <summary>How to log in to a registry; sent to the engine in <c>X-Registry-Auth</c>, never logged.</summary>
public sealed record RegistryAuth(string Username, string Password, string ServerAddress)
{
    /// <summary>A token in place of user and password; empty for none.</summary>
    public string IdentityToken { get; init; } = "";

    /// <summary>Without password and token.</summary>
    public override string ToString() => $"{Username} at {ServerAddress}";
}

/// <summary>What a loaded archive held: <c>name:tag</c> or <c>sha256:…</c>.</summary>
public sealed record LoadedImages(ImmutableArray<string> References);

/// <summary>What removing or pruning took away.</summary>
/// <param name="Untagged">References that are gone.</param>
/// <param name="Deleted">Images and layers that are gone.</param>
/// <param name="SpaceReclaimed">Bytes; 0 for a removal, where the engine does not tell.</param>
public sealed record RemovedImages(ImmutableArray<string> Untagged, ImmutableArray<string> Deleted, long SpaceReclaimed);

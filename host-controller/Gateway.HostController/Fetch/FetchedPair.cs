using Gateway.Core.Bundles;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Fetch;

/// <summary>A playbook and its signature as they came: nothing of it is trusted yet.</summary>
/// <param name="Text">The document.</param>
/// <param name="Signature">The armored detached signature.</param>
/// <param name="IsFresh">Whether all of it came just now, rather than in part from the copy kept on disk.</param>
internal sealed record FetchedPair(SourceText Text, ReadOnlyMemory<byte> Signature, bool IsFresh)
{
    /// <summary>The bundle that came in place of a lone playbook, whose text is not known before it is verified; null for none.</summary>
    public BundleArchive? Archive { get; init; }
}

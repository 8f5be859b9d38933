using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Cycle;

/// <summary>A playbook that may be applied on this gateway.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Text">Its verified bytes.</param>
/// <param name="Signature">The signature that verified them.</param>
/// <param name="Playbook">What they say.</param>
/// <param name="Verdict">What the release gate said; null for a playbook already in force.</param>
internal sealed record Admitted(string Stream, Verified<SourceText> Text, ReadOnlyMemory<byte> Signature, Playbook Playbook, ReleaseVerdict? Verdict)
{
    /// <summary>Where the files of its bundle are; null for a lone playbook.</summary>
    public string? Folder { get; init; }

    /// <summary>What a person should know.</summary>
    public ImmutableArray<string> Notes => Verdict?.Notes ?? [];
}

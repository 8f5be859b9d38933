namespace Gateway.Core.Yaml;

/// <summary>What a document from outside may cost: anchors can make a small text expand without end.</summary>
/// <param name="Bytes">Size of the text.</param>
/// <param name="Depth">Nesting of mappings and lists.</param>
/// <param name="Nodes">Nodes after aliases and merge keys are expanded.</param>
public sealed record YamlLimits(int Bytes, int Depth, int Nodes)
{
    /// <summary>1 MiB, 64 deep, 200,000 nodes.</summary>
    public static YamlLimits Default { get; } = new(SourceText.LargestDocument, 64, 200_000);
}

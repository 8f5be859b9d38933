using Gateway.Core.Reports;

namespace Gateway.Core.Yaml;

/// <summary>The bytes of a document and the name messages call it by (a file name, a topic, an address).</summary>
public sealed record SourceText(string Name, ReadOnlyMemory<byte> Utf8)
{
    /// <summary>Signed documents are at most 1 MiB.</summary>
    public const int LargestDocument = 1024 * 1024;

    /// <summary>The document as a whole, for messages without a line.</summary>
    public Position Whole => Position.Of(Name);
}

using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>A signed document as it travels over MQTT: <c>{"payload": "…", "signature": "…"}</c>.</summary>
/// <param name="Payload">The document's text; the signature is over these bytes.</param>
/// <param name="Signature">An armored detached signature, ASCII; empty when the envelope carries none.</param>
public sealed record Envelope(SourceText Payload, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Largest message that is looked at: a document of 1 MiB, every byte of it escaped, and a signature.</summary>
    public const int LargestMessage = (6 * SourceText.LargestDocument) + (64 * 1024);

    /// <summary>Largest signature.</summary>
    public const int LargestSignature = 16 * 1024;

    /// <summary>Reads an envelope: strict JSON in UTF-8, exactly the two members, bounded.</summary>
    /// <param name="message">The message's bytes.</param>
    /// <param name="name">What messages call it: the topic.</param>
    public static Result<Envelope> Parse(ReadOnlyMemory<byte> message, string name) => EnvelopeReader.Read(message, name);
}

namespace Gateway.Core.Trust;

/// <summary>
/// Content whose origin has been established. Only this assembly can make one, and only <see cref="SignatureVerifier"/>
/// does, so bytes that were not verified cannot reach a parser that asks for <c>Verified&lt;SourceText&gt;</c>.
/// </summary>
public sealed class Verified<T>
{
    internal Verified(T value, string sha256, GoodSignature? signature)
    {
        Value = value;
        Sha256 = sha256;
        Signature = signature;
    }

    /// <summary>The content.</summary>
    public T Value { get; }

    /// <summary>SHA-256 over the exact bytes, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Who signed it and when; null when a person with root at the machine waived the signature.</summary>
    public GoodSignature? Signature { get; }
}

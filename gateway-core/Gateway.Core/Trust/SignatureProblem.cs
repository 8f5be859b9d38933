namespace Gateway.Core.Trust;

/// <summary>Why a signature was refused; each asks for something else to be done.</summary>
public enum SignatureProblem
{
    /// <summary>There is no signature.</summary>
    Absent,

    /// <summary>What was given is not one armored detached signature.</summary>
    Malformed,

    /// <summary>More than one signature, or more than one signer.</summary>
    Several,

    /// <summary>It does not fit these bytes: another document, or one that was changed.</summary>
    Bad,

    /// <summary>Nobody is trusted here: the trusted directory is missing, or holds no usable key.</summary>
    NoTrustedKeys,

    /// <summary>Made by a key that is not trusted here.</summary>
    UnknownKey,

    /// <summary>The key has expired; a renewal of it may be had from a key server.</summary>
    KeyExpired,

    /// <summary>The key has been revoked.</summary>
    KeyRevoked,

    /// <summary>The signature itself carries an expiry, which has passed.</summary>
    SignatureExpired,

    /// <summary>Made with a hash other than SHA-256, SHA-384 and SHA-512, or of a class other than binary document.</summary>
    Weak,

    /// <summary>gpgv is not installed, failed, or said something that is not understood.</summary>
    VerifierFailed,
}

namespace Gateway.Core.Reports;

/// <summary>The step of the way on which something failed; it decides the exit status.</summary>
public enum Phase
{
    /// <summary>The program's own configuration.</summary>
    Configuration,

    /// <summary>Something could not be fetched or received.</summary>
    Fetch,

    /// <summary>A signature is absent or not good, or its key is not trusted.</summary>
    Verify,

    /// <summary>Serial, expiry or target of a release.</summary>
    Release,

    /// <summary>The gateway's local policy forbids it.</summary>
    Policy,

    /// <summary>The document does not parse: syntax, size, unknown keys, wrong types.</summary>
    Parse,

    /// <summary>The state of the machine could not be read.</summary>
    Observe,

    /// <summary>A change could not be made.</summary>
    Apply,
}

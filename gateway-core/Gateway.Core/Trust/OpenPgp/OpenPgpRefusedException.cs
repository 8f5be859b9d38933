namespace Gateway.Core.Trust.OpenPgp;

/// <summary>Input that is not the OpenPGP data asked for; caught where a reader is called and turned into a failure or a warning.</summary>
internal sealed class OpenPgpRefusedException(string message) : Exception(message);

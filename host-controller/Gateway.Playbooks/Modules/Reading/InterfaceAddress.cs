namespace Gateway.Playbooks.Modules;

/// <summary>An address of a network interface.</summary>
/// <param name="Device">The interface.</param>
/// <param name="Text">The address.</param>
/// <param name="Prefix">Bits of its network.</param>
/// <param name="IsSix">Whether it is of version 6.</param>
/// <param name="Scope"><c>global</c>, <c>link</c>, <c>site</c> or <c>host</c>.</param>
public sealed record InterfaceAddress(string Device, string Text, int Prefix, bool IsSix, string Scope);

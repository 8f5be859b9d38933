namespace Gateway.Reconciliation.Updates;

/// <summary>A network or volume of a committed release, so that it can be made again.</summary>
/// <param name="Name">The engine's name of it.</param>
/// <param name="Body">The body it is made with, JSON.</param>
public sealed record CommittedThing(string Name, string Body);

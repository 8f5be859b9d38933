using System.Collections.Immutable;

namespace Gateway.Core.Releases;

/// <summary>Who this gateway is: its id and the groups it is in, most important first.</summary>
public sealed record GatewayIdentity(string Id, ImmutableArray<string> Groups);

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>A request over a local socket.</summary>
/// <param name="Method">Such as <c>GET</c>.</param>
/// <param name="Path">From the slash on, without the query.</param>
/// <param name="Query">After the question mark, not decoded; empty without one.</param>
/// <param name="Body">Its body.</param>
internal sealed record ApiRequest(string Method, string Path, string Query, ReadOnlyMemory<byte> Body);

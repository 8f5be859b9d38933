namespace Gateway.Core.Engine;

/// <summary>Body of <c>POST /networks/{id}/connect</c> and <c>/disconnect</c>.</summary>
internal sealed record NetworkConnection(string Container)
{
    public EndpointSpec? EndpointConfig { get; init; }

    public bool? Force { get; init; }
}

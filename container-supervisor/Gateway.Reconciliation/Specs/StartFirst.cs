using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Specs;

/// <summary>Whether a service's new container can run beside the old one.</summary>
internal static class StartFirst
{
    public static bool IsWanted(ContainerSpec spec) => spec.Service.UpdateOrder == UpdateOrder.StartFirst && !IsImpossible(spec);

    /// <summary>
    /// Whether there is something that there can be but one of. Judged by the body, so that <c>x-create-options</c> counts.
    /// Swarm's files, where ports belong to no container, ask for this order with ports; so it is no reason to refuse.
    /// </summary>
    private static bool IsImpossible(ContainerSpec spec)
    {
        var host = spec.Body["HostConfig"];
        var mode = BodyMerge.Text(host?["NetworkMode"]) ?? "";
        var ports = host?["PortBindings"] as JsonObject ?? [];
        var endpoints = (spec.Body["NetworkingConfig"]?["EndpointsConfig"] as JsonObject)?.Select(pair => pair.Value).Concat(spec.MoreNetworks.Select(network => network.EndpointConfig)) ?? [];
        return mode == "host"
            || mode.StartsWith("container:", StringComparison.Ordinal)
            || ports.Any(port => (port.Value as JsonArray)?.Any(binding => BodyMerge.Text(binding?["HostPort"]) is { Length: > 0 } and not "0") == true)
            || endpoints.Any(endpoint => endpoint?["IPAMConfig"] is JsonObject { Count: > 0 })
            || BodyMerge.Text(spec.Body["MacAddress"]) is { Length: > 0 };
    }
}

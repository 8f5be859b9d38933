using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>Whether a service's new container can run beside the old one.</summary>
internal static class StartFirst
{
    public static bool IsWanted(ContainerSpec spec) => spec.Service.UpdateOrder == UpdateOrder.StartFirst && Obstacle(spec) is null;

    /// <summary>
    /// What there can be but one of, or null. Judged by the body, so that <c>x-create-options</c> counts. Swarm's files,
    /// where ports belong to no container, ask for this order with ports; so it is no reason to refuse.
    /// </summary>
    public static string? Obstacle(ContainerSpec spec)
    {
        var host = spec.Body["HostConfig"];
        var mode = BodyMerge.Text(host?["NetworkMode"]) ?? "";
        if (mode == "host" || mode.StartsWith("container:", StringComparison.Ordinal))
        {
            return "it shares a network namespace";
        }

        foreach (var (port, bindings) in host?["PortBindings"] as JsonObject ?? [])
        {
            if ((bindings as JsonArray)?.Select(binding => BodyMerge.Text(binding?["HostPort"])).FirstOrDefault(text => text is { Length: > 0 } and not "0") is { } published)
            {
                return $"it publishes port {published} of the host for {port}";
            }
        }

        var endpoints = (spec.Body["NetworkingConfig"]?["EndpointsConfig"] as JsonObject)?.Select(pair => pair.Value).Concat(spec.MoreNetworks.Select(network => network.EndpointConfig)) ?? [];
        return endpoints.Any(endpoint => endpoint?["IPAMConfig"] is JsonObject { Count: > 0 }) ? "it has a fixed address"
            : BodyMerge.Text(spec.Body["MacAddress"]) is { Length: > 0 } ? "it has a fixed MAC address"
            : null;
    }
}

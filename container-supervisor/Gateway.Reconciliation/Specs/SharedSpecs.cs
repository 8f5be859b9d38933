using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Specs;

/// <summary>Networks and volumes as the Engine API takes them.</summary>
public static class SharedSpecs
{
    /// <summary>Body of <c>POST /networks/create</c>.</summary>
    public static JsonObject Network(Application application, NetworkDefinition network)
    {
        var body = new JsonObject { ["Name"] = network.Name, ["CheckDuplicate"] = true, ["Driver"] = network.Driver };
        body.SetTrue("Internal", network.Internal);
        body.SetTrue("EnableIPv6", network.Ipv6);
        body.Set("Options", BodyParts.Map(network.Options));
        if (!network.Subnets.IsEmpty)
        {
            body["IPAM"] = new JsonObject { ["Driver"] = "default", ["Config"] = new JsonArray([.. network.Subnets.Select(Pool)]) };
        }

        return Labelled(body, application, network.Labels);
    }

    /// <summary>Body of <c>POST /volumes/create</c>.</summary>
    public static JsonObject Volume(Application application, VolumeDefinition volume)
    {
        var body = new JsonObject { ["Name"] = volume.Name, ["Driver"] = volume.Driver };
        body.Set("DriverOpts", BodyParts.Map(volume.Options));
        return Labelled(body, application, volume.Labels);
    }

    private static JsonNode? Pool(Subnet subnet)
    {
        var json = new JsonObject { ["Subnet"] = subnet.Cidr };
        json.Set("Gateway", subnet.Gateway);
        json.Set("IPRange", subnet.Range);
        return json;
    }

    private static JsonObject Labelled(JsonObject body, Application application, IEnumerable<KeyValuePair<string, string>> given)
    {
        var hash = CanonicalJson.Hash(body);
        var labels = BodyParts.Map(given);
        labels[GatewayLabels.Application] = application.Name;
        labels[GatewayLabels.Config] = hash;
        body["Labels"] = CanonicalJson.Sorted(labels);
        return body;
    }
}

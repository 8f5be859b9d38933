using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.State;

namespace Gateway.ContainerSupervisor.Report;

/// <summary>Reads what the machine itself reports of its health, apart from the host controller and from us.</summary>
internal static class HostHealth
{
    private const int LargestFile = 64 * 1024;

    /// <summary>The report that the machine leaves in a folder; null when there is none that can be read.</summary>
    /// <param name="folder"><c>/run/gateway</c>, if no other is configured.</param>
    public static JsonObject? Read(string folder)
    {
        if (AtomicFile.ReadIfThere(Path.Combine(folder, "health.json"), LargestFile) is not { IsSuccess: true, Value: { } content })
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(content) as JsonObject;
        }
        catch (JsonException)
        {
            // Torn: the next one is a minute away.
            return null;
        }
    }
}

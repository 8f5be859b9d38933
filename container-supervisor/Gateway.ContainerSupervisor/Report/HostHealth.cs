using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.State;

namespace Gateway.ContainerSupervisor.Report;

/// <summary>Reads what the machine itself reports of its health, apart from the host controller and from us.</summary>
internal static class HostHealth
{
    /// <summary>Where the machine leaves it.</summary>
    public const string File = "/run/gateway/health.json";

    private const int LargestFile = 64 * 1024;

    /// <summary>The report; null when there is none that can be read.</summary>
    public static JsonObject? Read(string file)
    {
        if (AtomicFile.ReadIfThere(file, LargestFile) is not { IsSuccess: true, Value: { } content })
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

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Reconciliation.Observed;

/// <summary>What <c>docker update</c> can change of a container that is there.</summary>
/// <param name="Restart">Name of the restart policy.</param>
/// <param name="Retries">Its most retries; 0: without end.</param>
/// <param name="MemoryLimit">Bytes; 0: no limit.</param>
/// <param name="CpuLimit">Billionths of a processor; 0: no limit.</param>
/// <param name="CpuWeight">0: the default.</param>
/// <param name="CpuSet">Processors; empty: all.</param>
/// <param name="Pids">0 or less: no limit.</param>
public sealed record ObservedSettings(string Restart, int Retries, long MemoryLimit, long CpuLimit, long CpuWeight, string CpuSet, long Pids)
{
    /// <summary>
    /// Whether somebody gave other settings than <c>HostConfig</c> asks for. A limit that is absent does not count: a
    /// kernel that cannot keep one makes the engine drop it, and <c>docker update</c> cannot take one away.
    /// </summary>
    internal bool DifferFrom(JsonObject wanted) =>
        RestartDiffers(wanted["RestartPolicy"])
        || Differs(MemoryLimit, wanted["Memory"])
        || Differs(CpuLimit, wanted["NanoCpus"])
        || Differs(CpuWeight, wanted["CpuShares"])
        || Differs(Pids, wanted["PidsLimit"])
        || (CpuSet.Length > 0 && CpuSet != (Text(wanted["CpusetCpus"]) ?? ""));

    /// <summary>A number however it is kept; 0 when there is none.</summary>
    internal static long Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (long)Math.Clamp(number, long.MinValue, long.MaxValue)
            : 0;

    private bool RestartDiffers(JsonNode? wanted)
    {
        var name = Text(wanted?["Name"]) is { Length: > 0 } given ? given : "no";
        var actual = Restart.Length > 0 ? Restart : "no";
        return wanted is not null && (actual != name || (name == "on-failure" && Retries != Number(wanted["MaximumRetryCount"])));
    }

    private static bool Differs(long actual, JsonNode? wanted) => actual > 0 && actual != Number(wanted);

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}

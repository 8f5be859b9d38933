using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.State;

namespace Gateway.HostController.Health;

/// <summary>The machine's health as last reported by <c>gateway-health.timer</c>, which does not need this program.</summary>
/// <param name="Json">The report as it is.</param>
/// <param name="InShort">In one line.</param>
/// <param name="Warnings">What somebody should see to.</param>
internal sealed record HostHealth(JsonObject Json, string InShort, ImmutableArray<string> Warnings);

/// <summary>Reads <c>/run/gateway/health.json</c>.</summary>
internal static class HealthFile
{
    private const int LargestFile = 64 * 1024;
    private const double Hot = 80;
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(5);

    /// <summary>The report; null when there is none that can be read.</summary>
    public static HostHealth? Read(HostPaths paths)
    {
        if (AtomicFile.ReadIfThere(Path.Combine(paths.Runtime, "health.json"), LargestFile) is not { IsSuccess: true, Value: { } content })
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(content) is JsonObject json ? new HostHealth(json, InShort(json), [.. Stale(json, paths), .. Warnings(json)]) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            // Torn, or of another version: as good as none.
            return null;
        }
    }

    /// <summary>A report that no longer comes says nothing of now. By uptime: the clock may have been moved.</summary>
    private static IEnumerable<string> Stale(JsonObject json, HostPaths paths)
    {
        if (AtomicFile.ReadIfThere(paths.On("/proc/uptime"), LargestFile) is { IsSuccess: true, Value: { } now }
            && double.TryParse(Encoding.ASCII.GetString(now).Split(' ')[0], CultureInfo.InvariantCulture, out var uptime)
            && TimeSpan.FromSeconds(uptime - (json["uptime_seconds"]?.GetValue<double>() ?? 0)) is var age && age > Old)
        {
            yield return $"the report of the machine's health is {age.TotalMinutes:0} min old: systemctl status gateway-health.timer";
        }
    }

    private static string InShort(JsonObject json)
    {
        var load = json["load"]?.AsArray().Select(number => number?.ToString()) ?? [];
        var memory = json["memory"]?["available_bytes"]?.GetValue<double>() ?? 0;
        var temperature = json["temperature_celsius"] is { } degrees ? string.Create(CultureInfo.InvariantCulture, $", {degrees} °C") : "";
        var up = TimeSpan.FromSeconds(json["uptime_seconds"]?.GetValue<double>() ?? 0);
        return string.Create(CultureInfo.InvariantCulture, $"up {up.Days} d {up.Hours} h, load {string.Join(' ', load)}, {memory / (1 << 20):0} MiB of memory available{temperature}{Reboots(json)}");
    }

    private static string Reboots(JsonObject json) =>
        json["reboots"] is JsonObject reboots && reboots["last"] is JsonObject last ? $", {reboots["count"]} reboots, last {last["time"]}: {last["cause"]}" : "";

    private static ImmutableArray<string> Warnings(JsonObject json)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        foreach (var unit in json["failed_units"]?.AsArray() ?? [])
        {
            warnings.Add($"unit {unit} has failed: systemctl status {unit}");
        }

        if (json["temperature_celsius"]?.GetValue<double>() > Hot)
        {
            warnings.Add($"the machine is hot: {json["temperature_celsius"]} °C");
        }

        if (json["under_voltage"]?["now"]?.GetValue<bool>() == true || json["under_voltage"]?["since_boot"]?.GetValue<bool>() == true)
        {
            warnings.Add("the power supply is too weak: under-voltage since the last boot");
        }

        if (json["clock"]?["synchronized"]?.GetValue<bool>() == false)
        {
            warnings.Add("the clock has not been set from the network since boot");
        }

        if (json["reboots"]?["last"] is JsonObject last && last["cause"]?.ToString() is { } cause && cause is not ("reboot asked for" or "switched off" or "shut down in good order"))
        {
            warnings.Add($"the last reboot, {last["time"]}, was none that anybody asked for: {cause}");
        }

        return warnings.ToImmutable();
    }
}

using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>devices</c>.</summary>
internal static class DeviceReader
{
    public static ImmutableArray<DeviceMapping> Read(YamlNode node, Reading reading)
    {
        if (node is not YamlSequence list)
        {
            reading.Fail(node, "'devices' must be a list");
            return [];
        }

        return [.. list.Items.Select(item => Device(item, reading)).OfType<DeviceMapping>().OrderBy(device => device.Source, StringComparer.Ordinal)];
    }

    private static DeviceMapping? Device(YamlNode item, Reading reading)
    {
        if (item is YamlMapping)
        {
            var fields = reading.Open(item, "a device");
            var source = fields.Required("source") is null ? null : fields.Text("source");
            var device = source is null ? null : Device(item, reading, source, fields.Text("target"), fields.Text("permissions") ?? "rwm");
            fields.RejectUnknown();
            return device;
        }

        if (reading.Word(item, "a device") is not { } text)
        {
            return null;
        }

        var parts = text.Split(':');
        return parts.Length switch
        {
            1 => Device(item, reading, parts[0], null, "rwm"),
            2 when parts[1].Length > 0 && parts[1][0] != '/' => Device(item, reading, parts[0], null, parts[1]),
            2 => Device(item, reading, parts[0], parts[1], "rwm"),
            3 => Device(item, reading, parts[0], parts[1], parts[2]),
            _ => Device(item, reading, text, null, ""),
        };
    }

    private static DeviceMapping? Device(YamlNode item, Reading reading, string source, string? target, string permissions)
    {
        var alternatives = new List<string>();
        foreach (var alternative in source.Split('|'))
        {
            if (!HostPath.TryNormalise(alternative, out var normal) || !normal.StartsWith("/dev/", StringComparison.Ordinal) || normal.AsSpan().IndexOfAny("[]{}") >= 0)
            {
                reading.Fail(item, $"device '{OneLine.Of(alternative)}' must be a path below /dev/, with '*' and '?' for what varies");
                return null;
            }

            alternatives.Add(normal);
        }

        var inside = "";
        if (target is not null && !HostPath.TryNormalise(target, out inside))
        {
            reading.Fail(item, $"'{OneLine.Of(target)}' is not an absolute path in the container");
            return null;
        }

        if (permissions.Length == 0 || permissions.Any(c => c is not ('r' or 'w' or 'm')) || permissions.Distinct().Count() != permissions.Length)
        {
            reading.Fail(item, $"device permissions '{OneLine.Of(permissions)}' must be of the letters rwm");
            return null;
        }

        return new DeviceMapping(string.Join('|', alternatives), target is null ? null : inside, permissions, item.At);
    }
}

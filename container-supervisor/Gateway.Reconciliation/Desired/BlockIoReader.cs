using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>blkio_config</c>.</summary>
internal static class BlockIoReader
{
    private static readonly (string Key, string Engine, bool InBytes)[] Rates =
    [
        ("device_read_bps", "BlkioDeviceReadBps", true),
        ("device_read_iops", "BlkioDeviceReadIOps", false),
        ("device_write_bps", "BlkioDeviceWriteBps", true),
        ("device_write_iops", "BlkioDeviceWriteIOps", false),
    ];

    public static BlockIo Read(YamlNode node, Reading reading)
    {
        var fields = reading.Open(node, "'blkio_config'");
        var weight = fields.Integer("weight", 10, 1000);
        var rates = ImmutableArray.CreateBuilder<BlockIoRate>();
        foreach (var item in Items(fields, "weight_device"))
        {
            var device = reading.Open(item, "an item of 'weight_device'");
            rates.Add(new BlockIoRate("BlkioWeightDevice", "Weight", Path(device, reading), device.Required("weight") is null ? 0 : device.Integer("weight", 10, 1000) ?? 0));
            device.RejectUnknown();
        }

        foreach (var (key, engine, inBytes) in Rates)
        {
            foreach (var item in Items(fields, key))
            {
                var device = reading.Open(item, $"an item of '{key}'");
                var rate = device.Required("rate") is not { } given ? null : inBytes ? reading.Bytes(given, "'rate'") : device.Integer("rate", 1);
                rates.Add(new BlockIoRate(engine, "Rate", Path(device, reading), rate ?? 0));
                device.RejectUnknown();
            }
        }

        fields.RejectUnknown();
        return new BlockIo(weight, rates.ToImmutable());
    }

    private static IEnumerable<YamlNode> Items(YamlFields fields, string key)
    {
        var node = fields.Node(key);
        if (node is not (null or YamlSequence))
        {
            fields.Fail(node, $"'{key}' must be a list");
        }

        return (node as YamlSequence)?.Items ?? [];
    }

    private static string Path(YamlFields device, Reading reading)
    {
        if (device.Required("path") is not { } node || reading.Word(node, "'path'") is not { } text)
        {
            return "";
        }

        if (!HostPath.TryNormalise(text, out var normal) || !normal.StartsWith("/dev/", StringComparison.Ordinal))
        {
            reading.Fail(node, "'path' must be a device below /dev/");
        }

        return normal;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>secrets</c> and <c>configs</c>, of an application and of a service.</summary>
internal static class InlineFileReader
{
    private const string SecretFolder = "/run/secrets/";

    /// <summary>As Compose: everybody in the container may read. On the host the folder above is root's alone.</summary>
    private const int DefaultMode = 0x124;

    private const int LongestName = 255;

    /// <summary>Key to content, of the application's own <c>secrets</c> or <c>configs</c>.</summary>
    public static ImmutableSortedDictionary<string, string> Definitions(YamlFields application, string key, Reading reading)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (application.Node(key) is not { } node || !reading.IsBearable(node, $"'{key}'"))
        {
            return result.ToImmutable();
        }

        foreach (var entry in application.Entries(key))
        {
            var fields = reading.Open(entry.Value, $"'{key}' entry '{entry.Key.Text}'");
            foreach (var elsewhere in new[] { "file", "environment", "external" })
            {
                if (fields.Node(elsewhere) is { } given)
                {
                    reading.Fail(given, $"'{elsewhere}' is refused: a document stands alone; write the text itself under 'content'");
                }
            }

            if (fields.Required("content") is { } content && reading.Text(content, "'content'") is { } text)
            {
                result[entry.Key.Text] = text;
            }

            fields.Allow("x-");
            fields.RejectUnknown();
        }

        return result.ToImmutable();
    }

    /// <summary>A service's list: names, or mappings of source, target, uid, gid, mode.</summary>
    public static ImmutableArray<FileUse> Uses(YamlNode node, Reading reading, bool secret)
    {
        if (node is not YamlSequence list)
        {
            reading.Fail(node, $"'{(secret ? "secrets" : "configs")}' must be a list of names, or of mappings with source, target, uid, gid, mode");
            return [];
        }

        return [.. list.Items.Select(item => Use(item, reading, secret)).OfType<FileUse>()];
    }

    private static FileUse? Use(YamlNode item, Reading reading, bool secret)
    {
        if (item is YamlScalar)
        {
            return reading.Word(item, "a name") is { } name ? Make(item, reading, name, null, new FileUse(name, "", DefaultMode, 0, 0, secret, item.At)) : null;
        }

        var fields = reading.Open(item, secret ? "a secret" : "a config");
        var source = fields.Required("source") is null ? null : fields.Text("source");
        var target = fields.Text("target");
        var uid = Owner(fields, "uid", reading);
        var gid = Owner(fields, "gid", reading);
        var mode = fields.Node("mode") is { } bits ? FileModes.Read(bits, reading) ?? 0 : DefaultMode;
        fields.RejectUnknown();
        return source is null ? null : Make(item, reading, source, target, new FileUse(source, "", mode, uid, gid, secret, item.At));
    }

    private static FileUse? Make(YamlNode item, Reading reading, string source, string? target, FileUse use)
    {
        var inside = target ?? source;
        inside = inside.StartsWith('/') ? inside : use.IsSecret ? SecretFolder + inside : "/" + inside;
        if (HostPath.TryNormalise(inside, out var normal) && normal != "/" && normal.Split('/').All(part => Encoding.UTF8.GetByteCount(part) <= LongestName) && !inside.EndsWith('/'))
        {
            return use with { Target = normal };
        }

        reading.Fail(item, $"'{target ?? source}' cannot be the path of a file in the container");
        return null;
    }

    private static int Owner(YamlFields fields, string key, Reading reading)
    {
        if (fields.Node(key) is not { } node)
        {
            return 0;
        }

        if (node is YamlScalar scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        reading.Fail(node, $"'{key}' must be a number, like \"1000\"");
        return 0;
    }
}

using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads the values of single keys of a service that have no reader of their own.</summary>
internal static class ServiceValues
{
    public static Service Image(Service service, YamlNode node, Reading reading)
    {
        if (reading.Word(node, "'image'") is not { } text)
        {
            return service;
        }

        if (ImageReference.TryParse(text, out var image))
        {
            return service with { Image = image };
        }

        reading.Fail(node, $"'{OneLine.Of(text)}' is not an image reference like registry.example.com/name:tag@sha256:…");
        return service;
    }

    public static ImmutableArray<string>? Words(YamlNode node, Reading reading, string what)
    {
        if (node is not YamlScalar)
        {
            return reading.Texts(node, what);
        }

        var text = reading.Text(node, what);
        if (text is null)
        {
            return null;
        }

        if (ShellWords.TrySplit(text, out var words))
        {
            return words;
        }

        reading.Fail(node, $"{what} has a quote that is not closed");
        return null;
    }

    /// <summary>One of the words, or <c>service:&lt;name&gt;</c>.</summary>
    public static string? Namespace(YamlNode node, Reading reading, string what, params ReadOnlySpan<string> words)
    {
        if (node is YamlScalar { Text: var text } && text.StartsWith("container:", StringComparison.Ordinal))
        {
            reading.Fail(node, $"{what}: 'container:' names a container that is not of this document; use service:<name> for another service of the application");
            return null;
        }

        return node is YamlScalar { Text: var other } && other.StartsWith(ServiceLinks.OfService, StringComparison.Ordinal) && other.Length > ServiceLinks.OfService.Length
            ? other
            : OneOf(node, reading, what, [.. words, "service:<name>"]);
    }

    public static ImmutableSortedDictionary<string, string> Labels(YamlNode node, Reading reading)
    {
        var labels = reading.Pairs(node, "'labels'", valueNeeded: false);
        foreach (var label in labels.Keys.Where(label => label.StartsWith(Names.LabelPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            reading.Fail(node, $"label '{label}' is the supervisor's; choose one that does not begin with {Names.LabelPrefix}");
        }

        return labels;
    }

    public static string? OneOf(YamlNode node, Reading reading, string what, params ReadOnlySpan<string> words)
    {
        var text = reading.Text(node, what);
        if (text is null || words.Contains(text))
        {
            return text;
        }

        reading.Fail(node, $"{what} must be {string.Join(" or ", words.ToArray())}, not '{OneLine.Of(text)}'");
        return null;
    }

    public static PullPolicy? Pull(YamlNode node, Reading reading) => reading.Text(node, "'pull_policy'") switch
    {
        null => null,
        "missing" or "if_not_present" => PullPolicy.Missing,
        "always" => PullPolicy.Always,
        "never" => PullPolicy.Never,
        var other => Unknown<PullPolicy?>(node, reading, $"'pull_policy' must be missing, always or never, not '{OneLine.Of(other)}'; name the image by digest and publish a new one to have it replaced"),
    };

    public static Service Scale(Service service, YamlNode node, Reading reading) =>
        node is YamlScalar scalar && CoreSchema.Integer(scalar) == 1
            ? service
            : Unknown<Service?>(node, reading, "'scale' must be 1: one container for each service; write several services") ?? service;

    /// <summary><c>service</c>, <c>service:ro</c> or <c>service:rw</c>.</summary>
    public static ImmutableArray<VolumesOf> VolumesFrom(YamlNode node, Reading reading)
    {
        const int Most = 16;
        var result = ImmutableArray.CreateBuilder<VolumesOf>();
        foreach (var item in node is YamlSequence { Items.Length: <= Most } list ? list.Items : [])
        {
            var parts = reading.Word(item, "an item of 'volumes_from'")?.Split(':') ?? [];
            if (parts is [_] or [_, "ro" or "rw"])
            {
                result.Add(new VolumesOf(parts[0], parts is [_, "ro"], item.At));
            }
            else if (parts.Length > 0)
            {
                reading.Fail(item, "an item of 'volumes_from' must be a service of this application, like db or db:ro");
            }
        }

        return node is YamlSequence { Items.Length: <= Most }
            ? result.ToImmutable()
            : Unknown<ImmutableArray<VolumesOf>?>(node, reading, $"'volumes_from' must be a list of at most {Most} services") ?? [];
    }

    private static T? Unknown<T>(YamlNode node, Reading reading, string message)
    {
        reading.Fail(node, message);
        return default;
    }

    public static ImmutableArray<string> Dns(YamlNode node, Reading reading)
    {
        var servers = reading.Texts(node, "'dns'", single: true);
        foreach (var server in servers.Where(server => !Addresses.IsAddress(server)))
        {
            reading.Fail(node, $"'dns': '{server}' is not an address");
        }

        return servers;
    }

    public static RestartPolicy? Restart(YamlNode node, Reading reading, string what = "'restart'")
    {
        // An unquoted no is a string in YAML 1.2; some writers quote nothing and mean false.
        var text = reading.Text(node, what);
        if (text is null or "no" or "false" or "always" or "unless-stopped" or "on-failure")
        {
            return text is null ? null : new RestartPolicy(text == "false" ? "no" : text);
        }

        if (text.StartsWith("on-failure:", StringComparison.Ordinal) && int.TryParse(text["on-failure:".Length..], out var most) && most is >= 0 and <= 1_000_000)
        {
            return new RestartPolicy("on-failure", most);
        }

        reading.Fail(node, $"{what} must be no, on-failure[:n], always or unless-stopped, not '{OneLine.Of(text)}'");
        return null;
    }

    public static Service ContainerName(Service service, YamlNode node, Reading reading)
    {
        if (reading.Word(node, "'container_name'") is not { } name)
        {
            return service;
        }

        if (Names.IsContainer(name))
        {
            return service with { ContainerName = name };
        }

        reading.Fail(node, $"'{OneLine.Of(name)}' cannot be a container's name: letters, digits, '_', '-', '.', not ending in {Names.PreviousSuffix}");
        return service;
    }

    public static ImmutableArray<string> Capabilities(YamlNode node, Reading reading, string what) =>
    [
        .. reading.Texts(node, what).Select(Capability).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary><c>cap_net_admin</c> and <c>NET_ADMIN</c> are one capability to the engine.</summary>
    public static string Capability(string text)
    {
        var upper = text.ToUpperInvariant();
        return upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper[4..] : upper;
    }

    public static Logging? Logging(YamlNode node, Reading reading)
    {
        var fields = reading.Open(node, "'logging'");
        var options = fields.Node("options") is { } written ? reading.Pairs(written, "'options'", valueNeeded: true) : ImmutableSortedDictionary<string, string>.Empty;
        var logging = new Logging(fields.Text("driver"), options);
        fields.RejectUnknown();
        return logging;
    }
}

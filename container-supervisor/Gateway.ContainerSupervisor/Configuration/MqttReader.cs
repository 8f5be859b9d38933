using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.ContainerSupervisor.Configuration;

/// <summary>Reads the <c>mqtt</c> key.</summary>
internal static class MqttReader
{
    /// <summary>The settings, or null when there are none or they are wrong.</summary>
    public static MqttSettings? Read(YamlFields configuration, List<Failure> failures)
    {
        if (configuration.Node("mqtt") is not { } node)
        {
            return null;
        }

        var fields = YamlFields.Open(node, "'mqtt'", failures);
        var host = fields.Required("host") is null ? null : fields.Text("host");
        var settings = new MqttSettings(host ?? "", 0)
        {
            CaFile = ConfigurationReader.FullPath(fields, "ca"),
            CertificateFile = ConfigurationReader.FullPath(fields, "cert"),
            KeyFile = ConfigurationReader.FullPath(fields, "key"),
            Tls = fields.Boolean("tls") ?? false,
            Username = fields.Text("username"),
            PasswordFile = ConfigurationReader.FullPath(fields, "password_file"),
            KeepAlive = KeepAlive(fields) ?? TimeSpan.FromSeconds(60),
            ClientId = fields.Text("client_id"),
            GatewayPrefix = Prefix(fields, "gateway_prefix") ?? "gateway/",
            GroupPrefix = Prefix(fields, "group_prefix") ?? "group/",
        };
        var usesTls = settings.Tls || settings.CaFile is not null || settings.CertificateFile is not null;
        var port = fields.Integer("port", 1, 65535) ?? (usesTls ? 8883 : 1883);
        if (settings.CertificateFile is null != settings.KeyFile is null)
        {
            fields.Fail(node, "'cert' and 'key' go together: give both or neither");
        }

        fields.RejectUnknown();
        return settings with { Port = (int)port };
    }

    private static TimeSpan? KeepAlive(YamlFields fields)
    {
        var keepAlive = fields.Duration("keepalive");
        if (keepAlive is { } given && (given < TimeSpan.FromSeconds(5) || given > TimeSpan.FromHours(12)))
        {
            fields.Fail(fields.Node("keepalive")!, "'keepalive' must be from 5s to 12h");
            return null;
        }

        return keepAlive;
    }

    private static string? Prefix(YamlFields fields, string key)
    {
        var prefix = fields.Text(key);
        if (prefix is not null && (prefix.Length > 128 || !prefix.EndsWith('/') || prefix.AsSpan().IndexOfAny("+#\0") >= 0))
        {
            fields.Fail(fields.Node(key)!, $"'{key}' must end with '/' and hold neither '+' nor '#'");
            return null;
        }

        return prefix;
    }
}

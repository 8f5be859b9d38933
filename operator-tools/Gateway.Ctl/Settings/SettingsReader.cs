using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Documents;
namespace Gateway.Ctl.Settings;

/// <summary>Reads settings from the configuration file and from the environment, which wins.</summary>
internal static class SettingsReader
{
    private const int LargestFile = 64 * 1024;

    /// <summary>The settings, or everything that is wrong with them.</summary>
    /// <param name="file">A file that must be there, or null for the user's own, which may be absent.</param>
    /// <param name="environment">Gives a variable's value, or null.</param>
    public static Result<CtlSettings> Read(string? file, Func<string, string?> environment)
    {
        var path = file ?? UsersFile(environment);
        var content = path is not null && (file is not null || File.Exists(path)) ? Content(path) : ReadOnlyMemory<byte>.Empty;
        if (!content.TryGet(out var bytes, out var unread))
        {
            return unread;
        }

        var fromEnvironment = FromEnvironment(environment);
        if (bytes.IsEmpty || !fromEnvironment.TryGet(out var settings, out _))
        {
            return fromEnvironment;
        }

        return Parse(new SourceText(path!, bytes), environment).Then<CtlSettings>(rest => settings.Or(rest));
    }

    /// <summary>Settings of a file's text. Paths may begin with <c>~/</c>; others are relative to the file.</summary>
    public static Result<CtlSettings> Parse(SourceText source, Func<string, string?> environment)
    {
        if (!YamlReader.Read(source).TryGet(out var root, out var unread))
        {
            return Configuration(unread);
        }

        var failures = new List<Failure>();
        var fields = YamlFields.Open(root, "gatewayctl's configuration", failures);
        string? PathOf(string key) => fields.Text(key) is { } text ? Expand(text, source.Name, environment) : null;
        var settings = new CtlSettings
        {
            Broker = fields.Node("broker") is { } node && fields.Text("broker") is { } broker ? Address(broker, () => fields.Fail(node, NotAnAddress(broker))) : null,
            Ca = PathOf("ca"),
            Cert = PathOf("cert"),
            Key = PathOf("key"),
            Home = PathOf("home"),
            SigningKey = fields.Text("signing_key"),
            Trusted = PathOf("trusted"),
        };
        fields.RejectUnknown();
        return failures.Count > 0 ? Configuration([.. failures]) : settings;
    }

    /// <summary>What is wrong with text that is no address.</summary>
    public static string NotAnAddress(string text) => $"'{text}' is not a broker's address: write host:port, like broker.example.com:8883";

    private static Result<CtlSettings> FromEnvironment(Func<string, string?> environment)
    {
        string? Value(string name) => environment(name) is { Length: > 0 } value ? value : null;
        Failure? wrong = null;
        var broker = Value("GATEWAYCTL_BROKER") is { } text
            ? Address(text, () => wrong = new Failure(Phase.Configuration, "GATEWAYCTL_BROKER", NotAnAddress(text)))
            : null;
        return wrong is not null ? wrong : new CtlSettings
        {
            Broker = broker,
            Ca = Value("GATEWAYCTL_CA"),
            Cert = Value("GATEWAYCTL_CERT"),
            Key = Value("GATEWAYCTL_KEY"),
            Home = Value("GATEWAYCTL_HOME"),
            SigningKey = Value("GATEWAYCTL_SIGNING_KEY"),
            Trusted = Value("GATEWAYCTL_TRUSTED"),
        };
    }

    private static BrokerAddress? Address(string text, Action wrong)
    {
        if (BrokerAddress.TryParse(text, out var address))
        {
            return address;
        }

        wrong();
        return null;
    }

    private static string? UsersFile(Func<string, string?> environment) =>
        environment("XDG_CONFIG_HOME") is { Length: > 0 } folder ? Path.Combine(folder, "gatewayctl.yaml")
        : environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config", "gatewayctl.yaml")
        : null;

    private static string Expand(string path, string file, Func<string, string?> environment) =>
        path.StartsWith("~/", StringComparison.Ordinal) && environment("HOME") is { Length: > 0 } home
            ? Path.Combine(home, path[2..])
            : Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!);

    private static Result<ReadOnlyMemory<byte>> Content(string path) =>
        DocumentFile.Read(path, LargestFile).Then<ReadOnlyMemory<byte>>(text => text.Utf8);

    private static Result<CtlSettings> Configuration(IReadOnlyCollection<Failure> failures) =>
        ImmutableArray.CreateRange(failures.Select(failure => failure with { Phase = Phase.Configuration }));
}

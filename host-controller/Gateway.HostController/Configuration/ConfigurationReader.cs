using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Quartz;

namespace Gateway.HostController.Configuration;

/// <summary>Reads <c>host-controller.yaml</c>; everything that is wrong is reported at once, with positions.</summary>
internal static class ConfigurationReader
{
    private const int LongestLed = 128;

    /// <summary>The configuration with its defaults.</summary>
    public static Result<HostConfiguration> Read(SourceText text)
    {
        if (!YamlReader.Read(text).TryGet(out var root, out var wrong))
        {
            return OfConfiguration(wrong);
        }

        var failures = new List<Failure>();
        var fields = YamlFields.Open(root, "the configuration", failures);
        var identity = Identity(fields);
        var defaults = new HostConfiguration { Identity = identity };
        var configuration = defaults with
        {
            PlaybookUrl = Url(fields, identity.Groups),
            Schedule = Schedule(fields) ?? defaults.Schedule,
            StartDelay = Bounded(fields, "start_delay", TimeSpan.Zero) ?? defaults.StartDelay,
            Jitter = Bounded(fields, "jitter", TimeSpan.Zero) ?? defaults.Jitter,
            Reapply = ReapplyOf(fields) ?? defaults.Reapply,
            FetchTimeout = Bounded(fields, "fetch_timeout", TimeSpan.FromSeconds(1)) ?? defaults.FetchTimeout,
            AllowedModules = PolicyReader.Modules(fields),
            AllowedPaths = PolicyReader.Allowed(fields, "allowed_paths", onlyPaths: true),
            AllowedCommands = PolicyReader.Allowed(fields, "allowed_commands", onlyPaths: false),
            AllowedLookups = PolicyReader.Lookups(fields),
            Led = Led(fields),
            KeyServer = KeyServer(fields),
            KeyPackage = KeyPackage(fields),
            DockerSocket = FullPath(fields, "docker_socket") ?? defaults.DockerSocket,
            StateDirectory = FullPath(fields, "state_directory") ?? defaults.StateDirectory,
            TrustedDirectory = FullPath(fields, "trusted_directory") ?? defaults.TrustedDirectory,
            Supervisor = SupervisorReader.Read(fields, failures),
        };
        fields.RejectUnknown();
        return failures.Count > 0 ? OfConfiguration([.. failures]) : configuration with { Notices = Notices(configuration) };
    }

    private static ImmutableArray<Failure> OfConfiguration(ImmutableArray<Failure> failures) =>
        [.. failures.Select(failure => failure with { Phase = Phase.Configuration })];

    private static GatewayIdentity Identity(YamlFields fields)
    {
        var id = fields.Required("gateway_id") is { } node ? Name(fields, node, "'gateway_id'") : null;
        var groups = ImmutableArray.CreateBuilder<string>();
        foreach (var (group, at) in fields.Texts("groups", single: true).Select(group => (group, fields.Node("groups")!)))
        {
            if (NameProblem(group) is { } problem)
            {
                fields.Fail(at, $"group '{group}' {problem}");
            }
            else if (!groups.Contains(group))
            {
                groups.Add(group);
            }
        }

        return new GatewayIdentity(id ?? "", groups.ToImmutable());
    }

    private static string? Name(YamlFields fields, YamlNode node, string what)
    {
        var name = fields.TextOf(node, what);
        if (name is not null && NameProblem(name) is { } problem)
        {
            fields.Fail(node, $"{what} {problem}");
            return null;
        }

        return name;
    }

    private static string? NameProblem(string name) =>
        GatewayIdentity.IsName(name) ? null : $"must be 1 to {GatewayIdentity.LongestName} letters, digits, '.', '_' or '-'";

    private static PlaybookUrl? Url(YamlFields fields, ImmutableArray<string> groups)
    {
        if (fields.Text("playbook_url") is not { } template)
        {
            return null;
        }

        var url = PlaybookUrl.Parse(template, groups, out var problem);
        if (url is null)
        {
            fields.Fail(fields.Node("playbook_url")!, problem);
        }

        return url;
    }

    private static string? Schedule(YamlFields fields)
    {
        if (fields.Text("schedule") is not { } text)
        {
            return null;
        }

        try
        {
            _ = new CronExpression(text);
            return text;
        }
        catch (FormatException wrong)
        {
            fields.Fail(fields.Node("schedule")!, $"'schedule' must be a Quartz cron expression like 0 0/30 * * * ?: {wrong.Message}");
            return null;
        }
    }

    private static TimeSpan? Bounded(YamlFields fields, string key, TimeSpan least)
    {
        var most = TimeSpan.FromDays(7);
        if (fields.Duration(key) is not { } duration)
        {
            return null;
        }

        if (duration < least || duration > most)
        {
            fields.Fail(fields.Node(key)!, $"'{key}' must be from {least.TotalSeconds:0}s to 7d");
            return null;
        }

        return duration;
    }

    private static Reapply? ReapplyOf(YamlFields fields)
    {
        if (fields.Node("reapply") is not { } node)
        {
            return null;
        }

        var text = (node as YamlScalar)?.Text;
        if (text is "always" or "changed")
        {
            return text == "always" ? Reapply.Always : Reapply.Changed;
        }

        if (text is not null && Durations.TryParse(text, out var after) && after < TimeSpan.FromDays(3650))
        {
            return new Reapply(after);
        }

        fields.Fail(node, "'reapply' must be always, changed, or a duration like 12h");
        return null;
    }

    private static string? Led(YamlFields fields)
    {
        var name = fields.Text("led");
        if (name is not null && (name.Length is 0 or > LongestLed || name.Contains('/', StringComparison.Ordinal) || name is "." or ".."))
        {
            fields.Fail(fields.Node("led")!, "'led' must be a name under /sys/class/leds, like PWR");
            return null;
        }

        return name;
    }

    private static Uri? KeyServer(YamlFields fields)
    {
        if (fields.Text("key_server") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" or "hkps" or "hkp")
        {
            return url;
        }

        fields.Fail(fields.Node("key_server")!, "'key_server' must be a URL like https://keys.example.com");
        return null;
    }

    private static string? KeyPackage(YamlFields fields)
    {
        var name = fields.Text("key_package");
        if (name is not null && (name.Length < 2 || !char.IsAsciiLetterOrDigit(name[0]) || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('+' or '-' or '.'))))
        {
            fields.Fail(fields.Node("key_package")!, "'key_package' must be the name of a Debian package, like gateway-keys");
            return null;
        }

        return name;
    }

    private static string? FullPath(YamlFields fields, string key)
    {
        var path = fields.Text(key);
        if (path is not null && (path.Length < 2 || path[0] != '/'))
        {
            fields.Fail(fields.Node(key)!, $"'{key}' must be an absolute path");
            return null;
        }

        return path;
    }

    private static ImmutableArray<string> Notices(HostConfiguration configuration) =>
        configuration.KeyServer is { Scheme: "http" or "hkp" }
            ? ["key_server does not prove who it is (http): keys from it are taken by their fingerprint only, and revocations not at all; use https or hkps"]
            : [];
}

using System.Text.RegularExpressions;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;

namespace Gateway.UnitTests.Reconciliation.Desired;

/// <summary>Compose files of well-known shape go under an application as they are, but for digests and what stood in other files.</summary>
public partial class ComposeFileTests
{
    /// <summary>Each file with the keys it gets a warning for.</summary>
    private static readonly Dictionary<string, string[]> Warnings = new()
    {
        ["home-automation"] = ["name", "profiles"],
        ["metering-stack"] = ["reservations.cpus", "restart_policy.delay", "restart_policy.window"],
        ["files-and-office"] = [],
        ["reverse-proxy"] = ["platform", "attach", "deploy.placement", "deploy.endpoint_mode", "deploy.rollback_config", "deploy.labels", "update_config.parallelism", "update_config.delay", "order: start-first"],
    };

    public static TheoryData<string> Files => [.. Warnings.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void It_parses_and_only_what_one_gateway_cannot_mean_gets_a_warning(string name)
    {
        var state = Read(name);

        Assert.Equal(5, state.Applications[0].Services.Length);
        Assert.Equal(Warnings[name].Order(StringComparer.Ordinal), state.Warnings.Select(Key).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>What a generous owner allows covers them: nothing in them is unknown to the policy.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_container_can_be_made_under_a_generous_policy(string name)
    {
        var application = Read(name).Applications[0];
        var specs = application.Services.Select(service => ContainerSpecBuilder.Build(application, service, Given.NoDevices)).ToList();
        var policy = new LocalPolicy
        {
            Privileged = true,
            HostNamespaces = true,
            Capabilities = ["ALL"],
            Devices = ["/dev/"],
            BindMounts = ["/srv/", "/etc/localtime", "/run/dbus", "/run/udev", "/var/run/docker.sock", "/proc", "/sys"],
        };

        Assert.Empty(PolicyCheck.Check(application, specs, policy));
        Assert.Equal(5, specs.Select(spec => spec.ConfigHash).Distinct().Count());
    }

    private static DesiredState Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Reconciliation/Desired/compose", name + ".yaml"))
            .Select(line => "    " + Image().Replace(line, $"$0@{Given.Digest}"));
        var parsed = Given.Parse($"release: {{serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}}\napplications:\n  app:\n{string.Join('\n', lines)}\n".Replace("\"@" + Given.Digest, $"@{Given.Digest}\"", StringComparison.Ordinal));
        Assert.True(parsed.IsSuccess, string.Join('\n', parsed.Failures));
        return parsed.Value;
    }

    private static string Key(Gateway.Core.Reports.Failure warning) => warning.Message.Split('\'') is [_, var first, _, ..] ? warning.Message.Contains("start-first", StringComparison.Ordinal) ? "order: start-first" : first : warning.Message;

    [GeneratedRegex(@"^    image: \S+$")]
    private static partial Regex Image();
}

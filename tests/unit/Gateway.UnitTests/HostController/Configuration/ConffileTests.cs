using System.Text;
using System.Text.RegularExpressions;
using Gateway.Core.Yaml;
using Gateway.HostController.Configuration;

namespace Gateway.UnitTests.HostController.Configuration;

/// <summary>The conffile that the package installs says what is so.</summary>
public sealed partial class ConffileTests
{
    /// <summary>Keys that are shown with an example, because their default is none.</summary>
    private static readonly string[] Examples = ["gateway_id", "groups", "playbook_url", "allowed_modules", "allowed_paths", "allowed_commands", "led", "allowed_lookups", "key_server", "key_package"];

    private static string Conffile { get; } = File.ReadAllText(Path.Combine(Root(), "packaging", "debian", "host-controller.yaml"));

    [Fact]
    public void As_installed_it_sets_nothing() =>
        Assert.DoesNotContain(Conffile.Split('\n'), line => line.Length > 0 && line[0] != '#');

    [Fact]
    public void Every_setting_it_shows_is_accepted_and_every_default_it_shows_is_the_default()
    {
        var shown = Read(Uncommented(_ => true));
        var defaults = Read("gateway_id: gw-0042\n");

        // All that is an example is made equal; what is left are defaults.
        Assert.Equal(
            defaults with { Notices = [] },
            shown with
            {
                Identity = defaults.Identity,
                PlaybookUrl = null,
                AllowedModules = null,
                AllowedPaths = null,
                AllowedCommands = null,
                Led = null,
                AllowedLookups = defaults.AllowedLookups,
                KeyServer = null,
                KeyPackage = null,
                Notices = [],
                Supervisor = shown.Supervisor with { Mounts = defaults.Supervisor.Mounts, Environment = defaults.Supervisor.Environment },
            });
        Assert.Empty(shown.Supervisor.Mounts);
        Assert.Empty(shown.Supervisor.Environment);
        Assert.Equal("gw-0042 beta", $"{shown.Identity.Id} {string.Join(' ', shown.Identity.Groups)}");
    }

    [Fact]
    public void Every_default_is_accepted_alone() =>
        Assert.Empty(Read("gateway_id: gw-0042\n" + Uncommented(key => !Examples.Contains(key))).Notices);

    [Fact]
    public void Every_key_that_the_program_knows_is_shown()
    {
        var shown = Setting().Matches(Conffile).Select(match => match.Groups["key"].Value).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(
            ["allowed_commands", "allowed_lookups", "allowed_modules", "allowed_paths", "docker_socket", "fetch_timeout", "gateway_id", "groups", "jitter", "key_package", "key_server", "led", "playbook_url", "reapply", "schedule", "start_delay", "state_directory", "supervisor", "trusted_directory"],
            shown.Order(StringComparer.Ordinal));
    }

    private static HostConfiguration Read(string yaml)
    {
        var read = ConfigurationReader.Read(new SourceText("host-controller.yaml", Encoding.UTF8.GetBytes(yaml)));
        Assert.True(read.IsSuccess, string.Join('\n', read.Failures));
        return read.Value;
    }

    /// <summary>The settings whose key is wanted, without their '#'; prose has a space behind it.</summary>
    private static string Uncommented(Func<string, bool> wanted)
    {
        var text = new StringBuilder();
        var isWanted = false;
        foreach (var line in Conffile.Split('\n'))
        {
            isWanted = Setting().Match(line) is { Success: true } match ? wanted(match.Groups["key"].Value) : isWanted && line.StartsWith("#  ", StringComparison.Ordinal);
            text.Append(isWanted ? line[1..] + "\n" : "");
        }

        return text.ToString();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gateway.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Gateway.sln above the tests");
        }

        return folder;
    }

    [GeneratedRegex("^#(?<key>[a-z_]+):", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setting();
}

using System.Text.Json;
using Gateway.EndToEndTests.Machines;
using Gateway.EndToEndTests.Site;
using Gateway.IntegrationTests.Packaging;

namespace Gateway.EndToEndTests;

/// <summary>A release of everything: a package of the system, the supervisor, the host controller, the application; each in its second version.</summary>
public static class FullUpdate
{
    /// <summary>Of the host controller.</summary>
    public const string Version = "90.0";

    private const string State = "/var/lib/gateway";
    private const string Guarded = $"{State}/host-controller/self-update/record";
    private const string TheSupervisor = "the supervisor";
    private const string IsSupervisorGivenUp = $"grep -q 'was interrupted 3 times' {State}/host-controller/supervisor/record.json";
    private const string IsHostControllerGivenUp = $"grep -q 'was interrupted' {State}/host-controller/self-update/failed";

    public static async Task PublishAsync(RunningGateway gateway)
    {
        var deb = Path.Combine(gateway.Site.WorkFolder, "new.deb");
        await Packages.VariantAsync(gateway.Deb, deb, Version);
        await gateway.Site.OfferPackageAsync(deb);
        await gateway.Site.OfferPackageAsync(await SitePackage.BuildAsync(gateway.Site.WorkFolder, 2));
        var supervisor = await gateway.Site.PushAsync("gateway/container-supervisor:2", RunningGateway.SupervisorImage(2));
        var application = await gateway.Site.PushAsync("meter:2", RunningGateway.Application(2));
        await gateway.PublishAsync(gateway.Tasks(
            "- name: Tools\n  apt: {name: site-tools, state: latest, update_cache: true}",
            RunningGateway.SupervisorTask(supervisor),
            $"- name: Host controller\n  host_controller: {{version: \"{Version}\"}}"));
        await gateway.DesireAsync(application);
    }

    /// <summary>Waits until the update has come to its end by itself, every part of it; the part that was given up, or null.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="cuts">How often its power was cut: a release whose update was interrupted three times is given up.</param>
    public static async Task<string?> DoneAsync(Machine machine, int cuts = 0)
    {
        var patience = TimeSpan.FromMinutes(20);
        var mayGiveUp = cuts >= 3 ? "true" : "false";
        // The last to come first: the others are mostly there by then.
        await machine.UntilAsync("the new host controller, found good", patience, $"grep -q 'phase=idle' {Guarded} && {{ grep -q 'committed {Version}' {Guarded} || {{ {mayGiveUp} && ({IsSupervisorGivenUp} || {IsHostControllerGivenUp}); }}; }} && systemctl is-active -q {RunningGateway.Package}");
        await machine.UntilAsync("the new package of the system", patience, $"test \"$({SitePackage.Versions})\" = 2");
        await machine.UntilAsync("an end of the supervisor's update", patience, $"grep -q '\"phase\": \"Idle\"' {State}/host-controller/supervisor/record.json");
        var givenUp = cuts >= 3 ? await GivenUpAsync(machine) : null;
        var version = givenUp == TheSupervisor ? 1 : 2;
        await machine.UntilAsync("the supervisor, healthy", patience, $"docker ps -q --filter health=healthy --filter label=io.gateway.role=supervisor --filter label=version={version} | grep .");
        await machine.UntilAsync("the new application, running", patience, "docker ps -q --filter name=metering-meter --filter health=healthy --filter label=version=2 | grep .");
        await machine.UntilAsync("its second service", patience, "docker ps -q --filter name=metering-reader --filter status=running --filter label=version=2 | grep .");
        return givenUp;
    }

    /// <summary>What must hold of a gateway at rest, whatever it went through.</summary>
    public static async Task AssertSoundAsync(Machine machine, string? givenUp = null)
    {
        Assert.Equal("", await machine.RunAsync("dpkg", "--audit"));
        Assert.Equal("2", await machine.ShellAsync(SitePackage.Versions));
        // The playbook's tasks run in turn: behind a supervisor that is given up, the host controller's turn does not come.
        var version = await machine.RunAsync("dpkg-query", "--show", "--showformat=${Version}", RunningGateway.Package);
        Assert.Equal(givenUp is null, version == Version);
        Assert.Equal("1", await machine.ShellAsync("docker ps -aq --filter label=io.gateway.role=supervisor | wc -l"));
        Assert.Equal("2", await machine.ShellAsync("docker ps -aq --filter label=io.gateway.application=metering | wc -l"));
        await AssertStateIsWholeAsync(machine);
    }

    /// <summary>No file of state is torn.</summary>
    public static async Task AssertStateIsWholeAsync(Machine machine)
    {
        foreach (var file in (await machine.ShellAsync($"find {State} -name '*.json' -type f")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // One that is gone meanwhile is not torn.
            var content = await machine.ShellAsync($"cat '{file}' 2>/dev/null || {{ test ! -e '{file}' && echo null; }}");
            var failure = Record.Exception(() => JsonDocument.Parse(content).Dispose());
            Assert.True(failure is null, $"{file} is torn: {failure?.Message}\n{content}");
        }

        Assert.DoesNotContain("PROBLEM release marks", await machine.ShellAsync("host-controller doctor --self; true"), StringComparison.Ordinal);
    }

    private static async Task<string?> GivenUpAsync(Machine machine) =>
        await machine.ShellAsync($"if {IsSupervisorGivenUp}; then echo '{TheSupervisor}'; elif {IsHostControllerGivenUp} 2>/dev/null; then echo 'the host controller'; fi") is { Length: > 0 } part ? part : null;
}

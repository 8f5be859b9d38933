using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.EndToEndTests.Machines;
using Gateway.IntegrationTests.Packaging;

namespace Gateway.EndToEndTests;

/// <summary>The host controller upgrades itself from the signed repository, by playbook; bad versions are put back, and a good one stays.</summary>
[Collection("gateway")]
public sealed partial class HostControllerRollBackTests(RunningGateway gateway)
{
    private const string Record = "/var/lib/gateway/host-controller/self-update/record";

    [Fact]
    public async Task Bad_versions_asked_for_by_a_playbook_are_put_back_and_a_good_one_stays()
    {
        await using var machine = await gateway.MachineAsync();
        await BadAsync(machine, "91.0", "exits at once", "exit 7");
        await BadAsync(machine, "92.0", "ready, then crashes", "[ \"$1\" = daemon ] || exit 0; systemd-notify --ready; sleep 3; exit 9");
        await BadAsync(machine, "93.0", "fails doctor", "[ \"$1\" = doctor ] && { echo 'PROBLEM keys none'; exit 1; }; systemd-notify --ready; exec sleep 1000");

        await OfferAsync("94.0", program: null);
        await machine.UntilAsync("the good one", TimeSpan.FromMinutes(10), $"grep -q 'committed 94.0' {Record} && systemctl is-active -q {RunningGateway.Package}");
        Assert.Equal("94.0", await VersionAsync(machine));
        await RunningGateway.RunsAsync(machine);
    }

    private async Task BadAsync(Machine machine, string version, string story, string program)
    {
        await OfferAsync(version, program);
        var record = await machine.UntilAsync(story, TimeSpan.FromMinutes(12), $"grep -q 'phase=idle' {Record} && grep 'rolled back to .*: {version} ' {Record}");
        gateway.Times.Add($"host controller: {story}", double.Parse(Seconds().Match(record).Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.Equal(gateway.Version, await VersionAsync(machine));
        Assert.Equal("active", await machine.ShellAsync($"systemctl is-active {RunningGateway.Package}"));
        // The same version stays refused, and the reason is told.
        await machine.UntilAsync("a refusal", TimeSpan.FromMinutes(5), $"journalctl -u {RunningGateway.Package} | grep -q 'version {version} failed on this gateway before'");
    }

    private async Task OfferAsync(string version, string? program)
    {
        var deb = Path.Combine(gateway.Site.WorkFolder, $"{RunningGateway.Package}_{version}_amd64.deb");
        await Packages.VariantAsync(gateway.Deb, deb, version, program);
        await gateway.Site.OfferPackageAsync(deb);
        await gateway.PublishAsync(gateway.Tasks("- name: Lists\n  apt: {update_cache: true}", $"- name: Host controller\n  host_controller: {{version: \"{version}\"}}"));
    }

    private static Task<string> VersionAsync(Machine machine) => machine.RunAsync("dpkg-query", "--show", "--showformat=${Version}", RunningGateway.Package);

    [GeneratedRegex("after ([0-9]+) s")]
    private static partial Regex Seconds();
}

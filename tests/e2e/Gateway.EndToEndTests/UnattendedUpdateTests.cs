using Gateway.IntegrationTests.Packaging;

namespace Gateway.EndToEndTests;

/// <summary>Everything at once, with nobody on site: a package of the system, the supervisor, the host controller, the application.</summary>
[Collection("gateway")]
public sealed class UnattendedUpdateTests(RunningGateway gateway)
{
    [Fact]
    public async Task Packages_supervisor_host_controller_and_applications_are_updated_by_one_release_each()
    {
        await using var machine = await gateway.MachineAsync();
        await FullUpdate.PublishAsync(gateway);

        await FullUpdate.DoneAsync(machine);

        await FullUpdate.AssertSoundAsync(machine);
    }

    [Fact]
    public async Task By_hand_apt_upgrades_the_host_controller_like_any_other_package()
    {
        await using var machine = await gateway.MachineAsync();
        var deb = Path.Combine(gateway.Site.WorkFolder, "by-hand.deb");
        await Packages.VariantAsync(gateway.Deb, deb, "90.0");
        await gateway.Site.OfferPackageAsync(deb);

        await machine.ShellAsync("apt-get update --error-on=any && DEBIAN_FRONTEND=noninteractive apt-get -y upgrade");

        await machine.UntilAsync("a judgement", TimeSpan.FromMinutes(8), "grep -q 'committed 90.0' /var/lib/gateway/host-controller/self-update/record");
        Assert.Equal("90.0", await machine.RunAsync("dpkg-query", "--show", "--showformat=${Version}", RunningGateway.Package));
        Assert.Equal("active", await machine.ShellAsync($"systemctl is-active {RunningGateway.Package}"));
    }
}

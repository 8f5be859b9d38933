using Gateway.IntegrationTests.Fixtures;
using static Gateway.IntegrationTests.Packaging.MachineFixture;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>Upgrades of the host controller on a booted machine: bad versions are put back, one after the other; a good one stays.</summary>
[Collection("machine")]
public sealed class SelfUpdateTests(MachineFixture fixture)
{
    private const string State = "/var/lib/gateway/host-controller/self-update";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly SystemdMachine machine = fixture.Machine;

    [Fact]
    public async Task Five_bad_versions_in_a_row_are_put_back_and_a_good_one_stays()
    {
        var good = await StartedAsync();
        await BadAsync("91.0", "exits at once", "exit 7");
        await BadAsync("92.0", "never ready", "exec sleep 1000");
        await BadAsync("93.0", "ready, then crashes", "[ \"$1\" = daemon ] || exit 0; systemd-notify --ready; sleep 3; exit 9");
        await BadAsync("94.0", "fails doctor", "[ \"$1\" = doctor ] && { echo 'PROBLEM keys none'; exit 1; }; systemd-notify --ready; exec sleep 1000");
        await BadAsync("95.0", "cannot be configured", program: null, postinst: "exit 1");

        await InstallAsync("96.0", program: null);
        await UntilAsync(record => record.Contains("committed 96.0", StringComparison.Ordinal));

        Assert.Equal("96.0", await VersionAsync());
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState"));
        Assert.False(File.Exists(At($"{State}/failed")));

        // By hand it goes back to the version before.
        await machine.RunAsync("host-controller", "rollback", "host-controller");
        Assert.Equal(good, await VersionAsync());
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState"));
        Assert.Contains("by hand", await machine.RunAsync("host-controller", "status"), StringComparison.Ordinal);

        async Task BadAsync(string version, string story, string? program, string? postinst = null)
        {
            await InstallAsync(version, program, postinst);
            await UntilAsync(record => record.Contains("phase=idle", StringComparison.Ordinal) && record.Contains($": {version} ", StringComparison.Ordinal));
            Assert.True(await VersionAsync() == good, $"{story}: {await VersionAsync()}");
            Assert.Equal("active", await fixture.PropertyAsync("ActiveState"));
            Assert.Contains($"{version}\t", await File.ReadAllTextAsync(At($"{State}/failed")), StringComparison.Ordinal);
            Assert.Contains($"Pin: version {version}", await File.ReadAllTextAsync(At("/etc/apt/preferences.d/gateway-host-controller")), StringComparison.Ordinal);
            Assert.Contains("baseline=good", await File.ReadAllTextAsync(At($"{State}/record")), StringComparison.Ordinal);
            Assert.Equal("", (await machine.RunAsync("dpkg", "--audit")).Trim());
        }
    }

    [Fact]
    public async Task Power_lost_on_probation_or_while_going_back_is_taken_up_at_boot()
    {
        var good = await StartedAsync();
        await InstallAsync("91.0", "exec sleep 1000");
        await UntilAsync(record => record.Contains("phase=probation", StringComparison.Ordinal));
        await machine.RebootAsync();
        await UntilAsync(record => record.Contains("phase=idle", StringComparison.Ordinal));
        Assert.Equal(good, await VersionAsync());
        Assert.Contains("attempts=2", await File.ReadAllTextAsync(At($"{State}/record")), StringComparison.Ordinal);
        await machine.RunAsync("systemctl", "start", Unit);
    }

    [Fact]
    public async Task Downgrade_and_reinstallation_are_judged_like_any_other()
    {
        var good = await StartedAsync();
        // As Debian's daemon of that name does all day; it waits for nothing of ours, and nothing of ours for it.
        machine.Write("/root/unattended-upgrade-shutdown", "#!/bin/sh\nsleep 10000\n");
        await machine.RunAsync("chmod", "755", "/root/unattended-upgrade-shutdown");
        await machine.RunAsync("systemd-run", "--quiet", "--collect", "--unit=waiting", "/root/unattended-upgrade-shutdown");
        await InstallAsync("0.0.1", program: null);
        await UntilAsync(record => record.Contains("committed 0.0.1", StringComparison.Ordinal));
        Assert.Equal("0.0.1", await VersionAsync());
        await fixture.InstallAsync(Packages.Built(Unit));
        await UntilAsync(record => record.Contains($"committed {good}", StringComparison.Ordinal));
        await fixture.InstallAsync(Packages.Built(Unit));
        Assert.Equal(good, await VersionAsync());
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState"));
        await machine.RunAsync("systemctl", "stop", "waiting");
    }

    [Fact]
    public async Task Removed_by_hand_while_it_is_judged_it_does_not_come_back()
    {
        await StartedAsync();
        machine.Write("/etc/gateway/guardian.conf", "probation=600\n");
        await InstallAsync("91.0", "systemd-notify --ready; exec sleep 1000");
        await UntilAsync(record => record.Contains("phase=probation", StringComparison.Ordinal));
        await machine.RunAsync("dpkg", "--remove", Unit);
        await UntilAsync(record => record.Contains("the package was removed", StringComparison.Ordinal));

        Assert.Contains("phase=idle", await File.ReadAllTextAsync(At($"{State}/record")), StringComparison.Ordinal);
        Assert.Equal("rc ", await machine.RunAsync("dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", Unit));
    }

    [Fact]
    public async Task An_upgrade_that_apt_refuses_changes_nothing_and_is_told()
    {
        var good = await StartedAsync();
        await machine.TryAsync("/usr/libexec/gateway-host-controller/guardian", "upgrade", "999.0");
        Assert.Contains("999.0 could not be installed: E: ", await machine.RunAsync("host-controller", "status"), StringComparison.Ordinal);
        Assert.Equal(good, await VersionAsync());
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState"));
    }

    private async Task<string> StartedAsync()
    {
        await fixture.ConfiguredAsync();
        machine.Write("/etc/gateway/guardian.conf", "ready=20\nprobation=6\n");
        await fixture.PublishAsync(1, "tasks: [{debug: {msg: here}}]");
        await fixture.StartAsync();
        return await VersionAsync();
    }

    private string At(string path) => Path.Join(machine.Root, path);

    private Task<string> VersionAsync() => machine.RunAsync("dpkg-query", "--show", "--showformat=${Version}", Unit);

    /// <summary>Installs a package that is ours but for its version and what is given.</summary>
    private async Task InstallAsync(string version, string? program, string? postinst = null)
    {
        var deb = At("/root/candidate.deb");
        await Packages.VariantAsync(Packages.Built(Unit), deb, version, program, postinst);
        // A failing script of the package is part of the story.
        await machine.TryAsync("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--force-confdef", "--force-confold", "--install", "/root/candidate.deb");
    }

    private async Task UntilAsync(Predicate<string> satisfies)
    {
        var until = DateTime.UtcNow + Patience;
        var record = "";
        while (DateTime.UtcNow < until)
        {
            record = File.Exists(At($"{State}/record")) ? await File.ReadAllTextAsync(At($"{State}/record")) : "";
            if (satisfies(record))
            {
                return;
            }

            await Task.Delay(500);
        }

        Assert.Fail($"{record}\n{await machine.RunAsync("journalctl", "--no-pager", "-n", "120")}");
    }
}

using Gateway.IntegrationTests.Fixtures;
using static Gateway.IntegrationTests.Packaging.MachineFixture;

namespace Gateway.IntegrationTests.Packaging;

[Collection("machine")]
public sealed class LifeOfAPackageTests(MachineFixture fixture)
{
    private readonly SystemdMachine machine = fixture.Machine;

    [Fact]
    public async Task Installed_and_not_configured_it_is_idle_and_says_what_to_do()
    {
        await fixture.BareAsync();
        await fixture.InstallAsync(Packages.Built(Unit));

        await AssertIdleAsync();
        Assert.Equal("700 root", await ModeAsync("/var/lib/gateway/host-controller"));
        Assert.Equal("755 root", await ModeAsync("/etc/gateway/trusted.d"));
        Assert.Equal("755 root", await ModeAsync("/run/gateway"));
    }

    [Fact]
    public async Task An_id_within_the_address_is_no_id()
    {
        await fixture.BareAsync();
        await fixture.InstallAsync(Packages.Built(Unit));
        machine.Write(Configuration, "#gateway_id: gw-1\nplaybook_url: https://example.com/{gateway_id}/playbook.yml\n");

        await fixture.StartAsync();

        Assert.Equal("inactive", await fixture.PropertyAsync("ActiveState"));
        Assert.Contains($"{Configuration}: gateway_id not set", await machine.JournalAsync(Unit));
    }

    [Fact]
    public async Task Upgrade_keeps_the_configuration_and_restarts_the_unit()
    {
        await fixture.ConfiguredAsync();
        await fixture.StartAsync();
        var before = await File.ReadAllTextAsync(Path.Join(machine.Root, Configuration));
        var pid = await fixture.PropertyAsync("MainPID");

        await InstallVersionAsync("9.9.0");

        Assert.Equal(before, await File.ReadAllTextAsync(Path.Join(machine.Root, Configuration)));
        Assert.Equal("9.9.0", await machine.RunAsync("dpkg-query", "--show", "--showformat=${Version}", Unit));
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState"));
        Assert.NotEqual(pid, await fixture.PropertyAsync("MainPID"));
    }

    [Fact]
    public async Task Remove_keeps_configuration_and_state_and_purge_leaves_nothing_and_it_can_come_back()
    {
        await fixture.ConfiguredAsync();
        await fixture.PublishAsync(1, "tasks: [{debug: {msg: here}}]");
        await fixture.StartAsync();
        await fixture.AppliedAsync(1);

        await machine.RunAsync("dpkg", "--remove", Unit);

        Assert.NotEqual("active", (await machine.TryAsync("systemctl", "is-active", Unit)).StandardOutput.Trim());
        Assert.Equal(1, (await machine.TryAsync("pgrep", "--exact", "host-controller")).ExitCode);
        Assert.True(File.Exists(Path.Join(machine.Root, Configuration)));
        Assert.NotEmpty(Directory.GetFileSystemEntries(Path.Join(machine.Root, "/var/lib/gateway/host-controller")));

        await machine.RunAsync("dpkg", "--purge", Unit);

        var left = await machine.RunAsync("find", "/etc", "/usr", "/var", "/run", "-ignore_readdir_race", "-path", "/run/old", "-prune", "-o",
            "(", "-name", "*host-controller*", "-o", "-path", "*/gateway", "-o", "-path", "*/gateway/*", ")", "-print");
        Assert.Equal("", left.Trim());
        Assert.DoesNotContain(Unit, await machine.RunAsync("dpkg-query", "--show", "--showformat=${Package}\n"));

        await fixture.InstallAsync(Packages.Built(Unit));
        await AssertIdleAsync();
    }

    [Fact]
    public async Task What_a_power_cut_left_half_written_is_removed_at_boot_and_nothing_else_is()
    {
        await fixture.BareAsync();
        await fixture.InstallAsync(Packages.Built(Unit));
        string[] kept = ["/var/lib/gateway/host-controller/marks.json", "/var/lib/gateway/host-controller/supervisor/record.json", "/var/lib/gateway/container-supervisor/state.tmp.json"];
        string[] halves = ["/var/lib/gateway/host-controller/.0a1b.tmp", "/var/lib/gateway/host-controller/supervisor/.0a1b.tmp", "/var/lib/gateway/container-supervisor/.0a1b.tmp"];
        await machine.RunAsync("mkdir", ["--parents", .. kept.Select(file => Path.GetDirectoryName(file)!)]);
        await machine.RunAsync("touch", [.. kept, .. halves]);

        await machine.RunAsync("systemd-tmpfiles", "--remove", "--prefix=/var/lib/gateway");
        Assert.All(halves, file => Assert.True(File.Exists(Path.Join(machine.Root, file)), $"{file} is gone, and this is no boot"));
        await machine.RunAsync("systemd-tmpfiles", "--remove", "--boot", "--prefix=/var/lib/gateway");
        Assert.All(halves, file => Assert.False(File.Exists(Path.Join(machine.Root, file)), $"{file} stays"));
        Assert.All(kept, file => Assert.True(File.Exists(Path.Join(machine.Root, file)), $"{file} is gone"));
    }

    private async Task AssertIdleAsync()
    {
        Assert.Equal("inactive", await fixture.PropertyAsync("ActiveState"));
        Assert.Equal("enabled", (await machine.RunAsync("systemctl", "is-enabled", Unit)).Trim());
        Assert.Contains("gateway_id and playbook_url not set", await machine.JournalAsync(Unit));
    }

    private async Task<string> ModeAsync(string path) => (await machine.RunAsync("stat", "--format=%a %U", path)).Trim();

    private async Task InstallVersionAsync(string version)
    {
        var folder = Directory.CreateTempSubdirectory("deb-").FullName;
        try
        {
            var built = await Packages.BuildAsync(folder, version);
            Assert.True(built.IsSuccess, built.StandardError);
            await fixture.InstallAsync(Path.Combine(folder, $"{Unit}_{version}_amd64.deb"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

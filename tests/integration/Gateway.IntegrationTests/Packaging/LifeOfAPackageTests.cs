using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Packaging;

[Collection("machine")]
public sealed class LifeOfAPackageTests : IAsyncLifetime
{
    private const string Unit = "gateway-host-controller";
    private const string Configuration = "/etc/gateway/host-controller.yaml";

    private SystemdMachine machine = null!;

    public async Task InitializeAsync() => machine = await SystemdMachine.StartAsync();

    public async Task DisposeAsync() => await machine.DisposeAsync();

    [Fact]
    public async Task Install_configure_run_upgrade_remove_purge_reinstall()
    {
        await InstallAsync(Packages.Built(Unit));
        await Unconfigured_it_is_idle_and_says_what_to_do();
        await ConfigureAsync();
        await Test_01_It_runs_shortly_after_boot_and_periodically();
        await It_opens_no_port();
        await An_upgrade_keeps_the_configuration_and_restarts_the_unit();
        await Removal_keeps_configuration_and_state();
        await Purge_leaves_nothing();
        await InstallAsync(Packages.Built(Unit));
        await Unconfigured_it_is_idle_and_says_what_to_do();
    }

    private async Task Unconfigured_it_is_idle_and_says_what_to_do()
    {
        Assert.Equal("inactive", await PropertyAsync("ActiveState"));
        Assert.Equal("enabled", (await machine.RunAsync("systemctl", "is-enabled", Unit)).Trim());
        Assert.Contains("gateway_id and playbook_url not set", await machine.JournalAsync(Unit));
        Assert.Equal("700 root", (await machine.RunAsync("stat", "--format=%a %U", "/var/lib/gateway/host-controller")).Trim());
        Assert.Equal("755 root", (await machine.RunAsync("stat", "--format=%a %U", "/etc/gateway/trusted.d")).Trim());
        Assert.Equal("755 root", (await machine.RunAsync("stat", "--format=%a %U", "/run/gateway")).Trim());
    }

    private async Task Test_01_It_runs_shortly_after_boot_and_periodically()
    {
        // READY=1 came in time: start of a notify unit waits for it.
        await machine.RunAsync("systemctl", "start", Unit);
        Assert.Equal("active", await PropertyAsync("ActiveState"));

        var journal = await machine.JournalAsync(Unit, text => Count(text, "cycle begins") >= 3, TimeSpan.FromSeconds(60));

        Assert.Contains("first cycle in 1 s", journal);
        Assert.Equal("0", await PropertyAsync("NRestarts"));
    }

    private async Task It_opens_no_port() =>
        Assert.Empty((await machine.RunAsync("ss", "--no-header", "--listening", "--tcp", "--udp")).Trim());

    private async Task An_upgrade_keeps_the_configuration_and_restarts_the_unit()
    {
        var before = File.ReadAllText(Path.Join(machine.Root, Configuration));
        var pid = await PropertyAsync("MainPID");
        var folder = Directory.CreateTempSubdirectory("deb-").FullName;
        var built = await Packages.BuildAsync(folder, version: "9.9.0");
        Assert.True(built.IsSuccess, built.StandardError);
        await InstallAsync(Path.Combine(folder, $"{Unit}_9.9.0_amd64.deb"));
        Directory.Delete(folder, recursive: true);

        Assert.Equal(before, File.ReadAllText(Path.Join(machine.Root, Configuration)));
        Assert.Equal("9.9.0", await machine.RunAsync("dpkg-query", "--show", "--showformat=${Version}", Unit));
        Assert.Equal("active", await PropertyAsync("ActiveState"));
        Assert.NotEqual(pid, await PropertyAsync("MainPID"));
    }

    private async Task Removal_keeps_configuration_and_state()
    {
        await machine.RunAsync("dpkg", "--remove", Unit);

        Assert.NotEqual("active", (await machine.TryAsync("systemctl", "is-active", Unit)).StandardOutput.Trim());
        Assert.Equal("1", (await machine.TryAsync("pgrep", "--exact", "host-controller")).ExitCode.ToString());
        Assert.True(File.Exists(Path.Join(machine.Root, Configuration)));
        Assert.True(Directory.Exists(Path.Join(machine.Root, "/var/lib/gateway/host-controller")));
    }

    private async Task Purge_leaves_nothing()
    {
        await machine.RunAsync("dpkg", "--purge", Unit);

        var left = await machine.RunAsync("find", "/etc", "/usr", "/var", "/run", "-ignore_readdir_race", "-path", "/run/old", "-prune", "-o",
            "(", "-name", "*host-controller*", "-o", "-path", "*/gateway", "-o", "-path", "*/gateway/*", ")", "-print");
        Assert.Equal("", left.Trim());
        Assert.DoesNotContain(Unit, await machine.RunAsync("dpkg-query", "--show", "--showformat=${Package}\n"));
    }

    private async Task ConfigureAsync()
    {
        machine.Write(Configuration, """
            gateway_id: gw-machine
            playbook_url: file:///srv/playbook.yml
            schedule: "0/3 * * * * ?"
            start_delay: 1s
            jitter: 0
            """);
        // A playbook that is not signed: the cycle is what is looked at here.
        machine.Write("/srv/playbook.yml", "[]\n");
        await Task.CompletedTask;
    }

    private async Task InstallAsync(string deb)
    {
        File.Copy(deb, Path.Join(machine.Root, "/root/package.deb"), overwrite: true);
        await machine.RunAsync("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--force-confdef", "--force-confold", "--install", "/root/package.deb");
    }

    private async Task<string> PropertyAsync(string name) => (await machine.RunAsync("systemctl", "show", Unit, "--value", "--property", name)).Trim();

    private static int Count(string text, string what) => text.Split(what).Length - 1;
}

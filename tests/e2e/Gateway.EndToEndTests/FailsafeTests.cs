namespace Gateway.EndToEndTests;

/// <summary>The failsafe check with a real systemd, dpkg and Docker under it, and no network.</summary>
[Collection("gateway")]
public sealed class FailsafeTests(RunningGateway gateway)
{
    [Theory]
    [InlineData("Docker is stopped", "systemctl stop docker.service docker.socket")]
    [InlineData("Docker hangs", "kill -STOP $(systemctl show docker --value --property MainPID)")]
    [InlineData("the supervisor and its image are gone", "docker rm -f container-supervisor; docker rmi -f $(docker images -q --filter reference='gateway.local/*')")]
    [InlineData("Docker's storage is gone", "systemctl stop docker.service docker.socket containerd; rm -rf /var/lib/docker /var/lib/containerd; systemctl start containerd docker")]
    public async Task Without_a_network_the_supervisor_comes_back(string story, string harm)
    {
        await using var machine = await gateway.MachineAsync();
        await machine.ShellAsync("networkctl down $(ls /sys/class/net | grep -E '^(e|vec)')");
        await machine.ShellAsync(harm);

        await machine.UntilAsync($"the supervisor although {story}", TimeSpan.FromMinutes(12), "timeout 20 docker ps --filter health=healthy --filter label=io.gateway.role=supervisor -q | grep .");

        Assert.Contains("failsafe", await machine.ShellAsync("host-controller status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_dpkg_is_repaired()
    {
        await using var machine = await gateway.MachineAsync();
        // Killed as it runs the package's script; and one whose files never came.
        await machine.ShellAsync("cd /root && apt-get download site-tools && (dpkg --unpack site-tools_*.deb; sed -i 's/^\\(Status: install\\) ok unpacked$/\\1 reinstreq half-installed/' /var/lib/dpkg/status) && mkdir -p /var/cache/apt/archives && mv site-tools_*.deb /var/cache/apt/archives/");
        Assert.NotEqual("", await machine.RunAsync("dpkg", "--audit"));

        await machine.UntilAsync("a sound package database", TimeSpan.FromMinutes(6), "test -z \"$(dpkg --audit)\" && dpkg-query --show --showformat='${db:Status-Abbrev}' site-tools | grep -q '^ii'");

        Assert.Contains("RepairPackages", await machine.ShellAsync("host-controller status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_cleared_of_what_can_be_had_again()
    {
        await using var machine = await gateway.MachineAsync();
        await machine.ShellAsync("mkdir -p /var/cache/apt/archives && avail=$(df --output=avail -B1M / | tail -n 1) && fallocate -l $((avail - 100))M /var/cache/apt/archives/filler_1_all.deb");

        await machine.UntilAsync("room", TimeSpan.FromMinutes(5), "test ! -e /var/cache/apt/archives/filler_1_all.deb");

        Assert.Contains("CleanPackageCache", await machine.ShellAsync("host-controller status"), StringComparison.Ordinal);
        await RunningGateway.RunsAsync(machine);
    }
}

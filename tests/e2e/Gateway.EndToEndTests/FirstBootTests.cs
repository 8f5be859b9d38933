using Gateway.EndToEndTests.Machines;
using Gateway.EndToEndTests.Site;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.EndToEndTests;

/// <summary>From a machine that has nothing of ours to running applications, with what a user does and nothing else.</summary>
public sealed class FirstBootTests
{
    private const string Id = "gw-e2e";

    [Theory]
    [InlineData("bookworm")]
    public async Task An_installed_gateway_comes_to_run_its_applications_and_goes_on_after_a_power_cut(string suite)
    {
        await using var site = await OperatorSite.OpenAsync();
        await site.OfferPackageAsync(Directory.GetFiles(Repository.At("out", "deb"), "gateway-host-controller_*_amd64.deb").Single());
        var supervisor = await site.PushAsync("gateway/container-supervisor:1", PackedImage.OfArchive(Repository.At("out", "image", "container-supervisor.tar")));
        var meter = await site.PushAsync("meter:1", new TestImage { Command = ["sh", "-c", "while :; do echo metering; sleep 1; done"] });
        await site.PublishPlaybookAsync(1, $$"""
            tasks:
              - name: The supervisor's configuration
                copy:
                  dest: /etc/gateway/supervisor.yaml
                  content: |
                    gateway_id: {{Id}}
                    mqtt: {host: {{OperatorSite.Host}}, port: {{site.BrokerPort}}}
              - name: Supervisor
                container_supervisor: {image: "{{supervisor}}", health_timeout: 300}
            """);
        await site.PublishDesiredAsync(Id, 1, $$"""
            metering:
              services:
                meter: {image: "{{meter}}"}
            """);
        await using var machine = await Machine.BootAsync(suite);

        await InstallAsync(machine, site);
        await RunsAsync(machine);
        await machine.CutPowerAsync();
        await machine.PowerOnAsync();
        await RunsAsync(machine);

        Assert.Equal("", await machine.RunAsync("dpkg", "--audit"));
    }

    private static async Task InstallAsync(Machine machine, OperatorSite site)
    {
        await machine.WriteAsync("/etc/apt/keyrings/gateway.gpg", site.PublicKey);
        await machine.WriteAsync("/etc/apt/sources.list", site.AptLine + "\n");
        await machine.RunAsync("apt-get", "update", "--error-on=any");
        await machine.RunAsync("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "gateway-host-controller");
        await machine.WriteAsync("/etc/gateway/trusted.d/operator.gpg", site.PublicKey);
        await machine.WriteAsync("/etc/gateway/host-controller.yaml", $$"""
            gateway_id: {{Id}}
            playbook_url: http://{{OperatorSite.Host}}:{{site.WebPort}}/playbook.yml
            schedule: "0 * * * * ?"
            start_delay: 5s
            jitter: 0
            """);
        await machine.RunAsync("systemctl", "restart", "gateway-host-controller");
    }

    private static async Task RunsAsync(Machine machine)
    {
        await machine.UntilAsync("a running meter", TimeSpan.FromMinutes(8), "/bin/sh", "-c", "docker ps --filter name=metering-meter --filter status=running -q | grep .");
        await machine.UntilAsync("a healthy supervisor", TimeSpan.FromMinutes(5), "/bin/sh", "-c", "docker ps --filter health=healthy --filter label=io.gateway.role=supervisor -q | grep .");
        Assert.Equal("1", (await machine.RunAsync("/bin/sh", "-c", "docker ps -aq --filter label=io.gateway.role=supervisor | wc -l")).Trim());
    }
}

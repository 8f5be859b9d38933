using Gateway.EndToEndTests.Machines;
using Gateway.EndToEndTests.Site;
using Gateway.IntegrationTests.Fixtures;
using Gateway.IntegrationTests.Packaging;

namespace Gateway.EndToEndTests;

/// <summary>
/// A gateway brought from an empty Debian to running applications, with what a user does and nothing else, and frozen
/// there: each test goes on from that moment on a machine of its own.
/// </summary>
public sealed class RunningGateway : IAsyncLifetime
{
    public const string Id = "gw-e2e";
    public const string Package = "gateway-host-controller";
    private int serial;
    private FrozenMachine frozen = null!;

    public OperatorSite Site { get; private set; } = null!;

    /// <summary>The package of <c>make deb</c>.</summary>
    public string Deb { get; } = Packages.Built(Package);

    /// <summary>Its version.</summary>
    public string Version => Path.GetFileName(Deb).Split('_')[1];

    /// <summary>The supervisor's image of <c>make image</c>, as the gateway pulls it.</summary>
    public string Supervisor { get; private set; } = "";

    /// <summary>The application's image.</summary>
    public string Meter { get; private set; } = "";

    /// <summary>How long failed updates kept the previous version from serving.</summary>
    public RollBackTimes Times { get; } = new();

    public async Task InitializeAsync()
    {
        Site = await OperatorSite.OpenAsync();
        Supervisor = await Site.PushAsync("gateway/container-supervisor:1", SupervisorImage());
        Meter = await Site.PushAsync("meter:1", Application(1));
        await BaselineAsync();
        var image = await MachineImage.OfAsync(System.Environment.GetEnvironmentVariable("MACHINE"), System.Environment.GetEnvironmentVariable("SUITE"));
        var machine = await Machine.BootAsync(image);
        try
        {
            await InstallAsync(machine);
            await RunsAsync(machine);
            frozen = await machine.FreezeAsync();
        }
        finally
        {
            await machine.DisposeAsync();
        }
    }

    public async Task DisposeAsync()
    {
        Times.Print();
        frozen?.Dispose();
        if (Site is not null)
        {
            await Site.DisposeAsync();
        }
    }

    /// <summary>A machine that goes on from where everything ran, and a site that offers no more than was there then.</summary>
    public async Task<Machine> MachineAsync()
    {
        await BaselineAsync();
        var machine = await ThawAsync();
        await RunsAsync(machine);
        return machine;
    }

    /// <summary>A machine that boots from where everything ran, into whatever the site offers now.</summary>
    public Task<Machine> ThawAsync() => Machine.ThawAsync(frozen);

    /// <summary>Publishes the next playbook, signed by the operator's key or another one of theirs.</summary>
    public Task PublishAsync(string tasks, string? by = null) => Site.PublishPlaybookAsync(++serial, tasks, by: by);

    /// <summary>Publishes the next desired state: the application from an image.</summary>
    public Task DesireAsync(string image) => Site.PublishDesiredAsync(Id, ++serial, $$$"""
        metering:
          services:
            meter:
              image: "{{{image}}}"
              healthcheck: {test: ["CMD", "test", "-e", "/tmp/ready"], interval: 5s, timeout: 10s, retries: 5, start_period: 30s}
            reader: {image: "{{{image}}}", depends_on: {meter: {condition: service_healthy} } }
        """);

    /// <summary>The task that everything rests on.</summary>
    public static string SupervisorTask(string image, int probation = 10) => $$"""
        - name: The supervisor's configuration
          copy:
            dest: /etc/gateway/supervisor.yaml
            content: |
              gateway_id: {{Id}}
              mqtt: {host: {{OperatorSite.Host}}, port: @BROKER@}
        - name: Supervisor
          container_supervisor: {image: "{{image}}", health_timeout: 300, probation: {{probation}}}
        """;

    /// <summary>Tasks of a playbook, with the site's ports filled in.</summary>
    public string Tasks(params ReadOnlySpan<string> tasks) =>
        "tasks:\n" + string.Join('\n', tasks).Insert(0, "  ").ReplaceLineEndings("\n  ").Replace("@BROKER@", $"{Site.BrokerPort}", StringComparison.Ordinal);

    /// <summary>An application's image that says which version it is.</summary>
    public static TestImage Application(int version, string command = "touch /tmp/ready; while :; do echo metering; sleep 1; done") => new()
    {
        Command = ["sh", "-c", command],
        Labels = TestImage.Labelled(("version", $"{version}")),
    };

    /// <summary>The supervisor as shipped, but for a label that tells a version apart.</summary>
    public static PackedImage SupervisorImage(int version = 1) => PackedImage.OfArchive(
        Repository.At("out", "image", "container-supervisor.tar"),
        config =>
        {
            config["config"]!["Labels"]!["version"] = $"{version}";
            // An emulated processor takes longer to start a program than the ten seconds that any gateway has enough of.
            if (System.Environment.GetEnvironmentVariable("MACHINE") == "qemu")
            {
                config["config"]!["Healthcheck"]!["Timeout"] = 60_000_000_000;
            }
        });

    /// <summary>The baseline is in force and everything runs, once.</summary>
    public static async Task RunsAsync(Machine machine)
    {
        await machine.UntilAsync("a healthy meter", TimeSpan.FromMinutes(15), "docker ps --filter name=metering-meter --filter health=healthy -q | grep .");
        await machine.UntilAsync("a running reader", TimeSpan.FromMinutes(5), "docker ps --filter name=metering-reader --filter status=running -q | grep .");
        await machine.UntilAsync("a healthy supervisor", TimeSpan.FromMinutes(10), "docker ps --filter health=healthy --filter label=io.gateway.role=supervisor -q | grep .");
        Assert.Equal("1", await machine.ShellAsync("docker ps -aq --filter label=io.gateway.role=supervisor | wc -l"));
    }

    private async Task BaselineAsync()
    {
        Site.WithdrawPackages();
        await Site.OfferPackageAsync(Deb);
        await Site.OfferPackageAsync(await SitePackage.BuildAsync(Site.WorkFolder, 1));
        await PublishAsync(Tasks(SupervisorTask(Supervisor)));
        await DesireAsync(Meter);
    }

    private async Task InstallAsync(Machine machine)
    {
        await machine.TryAsync("systemctl", "is-system-running", "--wait");
        await machine.WriteAsync("/etc/apt/keyrings/gateway.gpg", Site.PublicKey);
        await machine.WriteAsync("/etc/apt/sources.list", Site.AptLine + "\n");
        await machine.RunAsync("apt-get", "update", "--error-on=any");
        await machine.RunAsync("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", Package, SitePackage.Name);
        await machine.WriteAsync("/etc/gateway/trusted.d/operator.gpg", Site.PublicKey);
        await machine.WriteAsync("/etc/gateway/guardian.conf", $"ready={240 * machine.Patience:0}\nprobation=10\n");
        await machine.WriteAsync("/etc/gateway/host-controller.yaml", $$"""
            gateway_id: {{Id}}
            playbook_url: http://{{OperatorSite.Host}}:{{Site.WebPort}}/playbook.yml
            schedule: "0/20 * * * * ?"
            start_delay: 2s
            jitter: 0
            """);
        await machine.RunAsync("systemctl", "restart", Package);
    }
}

/// <summary>Tests that share the running gateway: one after the other.</summary>
[CollectionDefinition("gateway")]
public sealed class RunningGatewayCollection : ICollectionFixture<RunningGateway>;

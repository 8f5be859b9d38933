using System.Text;
using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;
using Gateway.IntegrationTests.Trust;

namespace Gateway.EndToEndTests.Site;

/// <summary>
/// All that a fleet's operator runs: a web server with signed playbooks, a signed APT repository, an image registry, an MQTT
/// broker; and the operator's key and <c>gatewayctl</c>.
/// </summary>
public sealed class OperatorSite : IAsyncDisposable
{
    /// <summary>This machine's loopback, as a machine in emulation sees it.</summary>
    public const string Host = "10.0.2.2";

    private readonly string folder = Directory.CreateTempSubdirectory("gateway-site-").FullName;
    private readonly GpgHome home = new();
    private readonly List<Service> services = [];
    private string key = "";

    public int WebPort { get; private set; }

    public int BrokerPort { get; private set; }

    public string Registry { get; private set; } = "";

    public string WebFolder => Path.Combine(folder, "www");

    public string AptLine => $"deb [signed-by=/etc/apt/keyrings/gateway.gpg] http://{Host}:{WebPort}/apt ./";

    /// <summary>The public key: for playbooks and desired states, and for the repository.</summary>
    public byte[] PublicKey { get; private set; } = [];

    public static async Task<OperatorSite> OpenAsync()
    {
        var site = new OperatorSite();
        site.key = await site.home.MakeKeyAsync("operator@example.com");
        site.PublicKey = await site.home.ExportAsync(site.key);
        await site.StartServicesAsync();
        return site;
    }

    /// <summary>A folder for what is being made.</summary>
    public string WorkFolder => folder;

    /// <summary>Empties the repository.</summary>
    public void WithdrawPackages()
    {
        if (Directory.Exists(Path.Combine(WebFolder, "apt")))
        {
            Directory.Delete(Path.Combine(WebFolder, "apt"), recursive: true);
        }
    }

    /// <summary>Puts a package built by <c>make deb</c> (or another version of it) into the repository.</summary>
    public async Task OfferPackageAsync(string deb)
    {
        var apt = Path.Combine(WebFolder, "apt");
        Directory.CreateDirectory(apt);
        File.Copy(deb, Path.Combine(apt, Path.GetFileName(deb)), overwrite: true);
        var packages = await RunAsync("dpkg-scanpackages", apt, "--multiversion", ".");
        await File.WriteAllTextAsync(Path.Combine(apt, "Packages"), packages);
        var content = Encoding.UTF8.GetBytes(packages);
        var release = $"""
            Origin: Gateway
            Suite: stable
            Codename: stable
            Date: {DateTimeOffset.UtcNow:R}
            Architectures: amd64
            SHA256:
             {TestImage.DigestOf(content)["sha256:".Length..]} {content.Length} Packages

            """.Replace("GMT", "UTC", StringComparison.Ordinal);
        var file = Path.Combine(folder, "Release");
        await File.WriteAllTextAsync(file, release);
        await File.WriteAllBytesAsync(Path.Combine(apt, "InRelease"), await home.RunAsync(["--local-user", key, "--clear-sign", "--output", "-"], Encoding.UTF8.GetBytes(release)));
    }

    /// <summary>Makes the operator one more key: its fingerprint, and its public part.</summary>
    public async Task<(string Key, byte[] PublicKey)> SecondKeyAsync()
    {
        var second = await home.MakeKeyAsync("second@example.com");
        return (second, await home.ExportAsync(second));
    }

    /// <summary>Signs a playbook and puts it where gateways fetch it.</summary>
    public async Task PublishPlaybookAsync(int serial, string tasks, DateTimeOffset? expires = null, string? by = null)
    {
        var text = $$"""
            - name: Release {{serial}}
              hosts: all
              gather_facts: false
              vars:
                release: {serial: {{serial}}, expires: {{expires?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") ?? "2099-01-01T00:00:00Z"}}, targets: [all]}
            {{tasks.ReplaceLineEndings("\n  ").Insert(0, "  ")}}

            """;
        var bytes = Encoding.UTF8.GetBytes(text);
        await File.WriteAllBytesAsync(Path.Combine(WebFolder, "playbook.yml.asc"), await home.SignAsync(bytes, by ?? key));
        await File.WriteAllBytesAsync(Path.Combine(WebFolder, "playbook.yml"), bytes);
    }

    /// <summary>Signs a desired state and publishes it, retained, with the real gatewayctl.</summary>
    public async Task PublishDesiredAsync(string gateway, int serial, string applications)
    {
        var file = Path.Combine(folder, $"desired-{serial}.yaml");
        await File.WriteAllTextAsync(file, $$"""
            release: {serial: {{serial}}, expires: 2099-01-01T00:00:00Z, targets: ["gateway:{{gateway}}"]}
            applications:
            {{applications.ReplaceLineEndings("\n  ").Insert(0, "  ")}}

            """);
        var ctl = Repository.At("out", "bin", "gatewayctl");
        await RunAsync(ctl, folder, "sign", file, "--home", home.Path, "--key", key);
        await RunAsync(ctl, folder, "publish", file, "--broker", $"127.0.0.1:{BrokerPort}", "--gateway", gateway);
    }

    /// <summary>Pushes an image; the reference a gateway pulls it by.</summary>
    public async Task<string> PushAsync(string name, TestImage image) => await PushAsync(name, PackedImage.Of(image));

    /// <summary>Pushes an image; the reference a gateway pulls it by.</summary>
    public async Task<string> PushAsync(string name, PackedImage image)
    {
        var local = $"127.0.0.1:{services[1].Port}";
        using var registry = new TestRegistry(local, new HttpClient());
        return (await registry.PushAsync(name, image)).Replace(local, Registry, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
        {
            await service.DisposeAsync();
        }

        await home.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task StartServicesAsync()
    {
        Directory.CreateDirectory(WebFolder);
        WebPort = Service.FreePort();
        services.Add(await Service.StartAsync(WebPort, "busybox", "httpd", "-f", "-p", $"127.0.0.1:{WebPort}", "-h", WebFolder));

        var registryPort = Service.FreePort();
        var configuration = Path.Combine(folder, "registry.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            version: 0.1
            log: {level: error}
            storage:
              filesystem: {rootdirectory: {{folder}}/registry}
              delete: {enabled: true}
            http: {addr: "127.0.0.1:{{registryPort}}", secret: site}
            """);
        services.Add(await Service.StartAsync(registryPort, "docker-registry", "serve", configuration));
        Registry = $"{Host}:{registryPort}";

        BrokerPort = Service.FreePort();
        var broker = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllTextAsync(broker, $"listener {BrokerPort} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\n");
        services.Add(await Service.StartAsync(BrokerPort, "/usr/sbin/mosquitto", "-c", broker));
    }

    private static async Task<string> RunAsync(string program, string directory, params string[] arguments)
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest(program, [.. arguments]) { WorkingDirectory = directory, OutputLimit = 16 * 1024 * 1024 }, CancellationToken.None);
        Assert.True(outcome.IsSuccess, $"{program} {string.Join(' ', arguments)}: {outcome.StandardOutput}{outcome.StandardError}");
        return outcome.StandardOutput;
    }
}

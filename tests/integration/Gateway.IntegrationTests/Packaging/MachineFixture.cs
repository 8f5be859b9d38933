using System.Text;
using Gateway.IntegrationTests.Fixtures;
using Gateway.IntegrationTests.Trust;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>
/// A machine booted once for all tests of the collection, and an operator with a key. A test begins with
/// <see cref="ConfiguredAsync"/> or <see cref="BareAsync"/>, whatever the one before has left.
/// </summary>
public sealed class MachineFixture : IAsyncLifetime
{
    public const string Unit = "gateway-host-controller";
    public const string Configuration = "/etc/gateway/host-controller.yaml";
    private const string Playbook = "/srv/playbook.yml";
    private readonly GpgHome operatorHome = new();
    private string key = "";

    public SystemdMachine Machine { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Machine = await SystemdMachine.StartAsync();
        key = await operatorHome.MakeKeyAsync("operator@example.com");
    }

    public async Task DisposeAsync()
    {
        await operatorHome.DisposeAsync();
        await Machine.DisposeAsync();
    }

    /// <summary>The package is not there.</summary>
    public async Task BareAsync()
    {
        await Machine.EnsureOnAsync();
        // The test before may have left an upgrade on probation.
        await Machine.TryAsync("systemctl", "stop", Unit, "gateway-guardian*");
        await Machine.RunAsync("dpkg", "--purge", Unit);
        Assert.Equal("0", await PropertyAsync("MainPID"));
        var left = Path.Join(Machine.Root, "/var/lib/gateway");
        if (Directory.Exists(left))
        {
            var names = string.Join(' ', Directory.GetFileSystemEntries(left, "*", SearchOption.AllDirectories));
            Directory.Delete(left, recursive: true);
            Assert.Fail($"state is left of the test before: {names}");
        }

        Machine.JournalFrom = DateTimeOffset.UtcNow;
    }

    /// <summary>
    /// The package of <c>make deb</c> is installed and configured for a cycle every two seconds, its unit stopped; nothing was ever accepted.
    /// </summary>
    public async Task ConfiguredAsync(string more = "")
    {
        await BareAsync();
        File.Delete(Path.Join(Machine.Root, Playbook));
        File.Delete(Path.Join(Machine.Root, $"{Playbook}.asc"));
        await InstallAsync(Packages.Built(Unit));
        await File.WriteAllBytesAsync(Path.Join(Machine.Root, "/etc/gateway/trusted.d/operator.gpg"), await operatorHome.ExportAsync(key));
        Machine.Write(Configuration, $"""
            gateway_id: gw-machine
            playbook_url: file://{Playbook}
            schedule: "0/2 * * * * ?"
            start_delay: 1s
            jitter: 0
            {more}
            """);
    }

    public async Task InstallAsync(string deb)
    {
        File.Copy(deb, Path.Join(Machine.Root, "/root/package.deb"), overwrite: true);
        await Machine.RunAsync("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--force-confdef", "--force-confold", "--install", "/root/package.deb");
    }

    /// <summary>Signs a playbook of one play and puts it where the machine fetches it.</summary>
    /// <param name="serial">Its release.</param>
    /// <param name="tasks">YAML, <c>tasks:</c> and <c>handlers:</c>, from the first column on.</param>
    public async Task PublishAsync(int serial, string tasks)
    {
        var text = $$"""
            - name: Release {{serial}}
              hosts: all
              gather_facts: false
              vars:
                release: {serial: {{serial}}, expires: 2099-01-01T00:00:00Z, targets: [all]}
            {{tasks.ReplaceLineEndings("\n  ").Insert(0, "  ")}}

            """;
        var signature = await operatorHome.SignAsync(Encoding.UTF8.GetBytes(text), key);
        // The document last: with the one before it the new signature does not verify, and the next cycle looks again.
        Machine.Write($"{Playbook}.asc", Encoding.ASCII.GetString(signature));
        Machine.Write(Playbook, text);
    }

    /// <summary>Starts the unit, which waits until it is ready.</summary>
    public Task StartAsync() => Machine.RunAsync("systemctl", "start", Unit);

    /// <summary>Waits until a release was applied without a failure; the unit's journal.</summary>
    public Task<string> AppliedAsync(int serial) => Machine.JournalAsync(
        Unit,
        text => text.IndexOf($"accepted serial {serial},", StringComparison.Ordinal) is >= 0 and var at && text.IndexOf("cycle ended with status 0", at, StringComparison.Ordinal) >= 0,
        TimeSpan.FromSeconds(60));

    /// <summary>A property of a unit, as <c>systemctl show</c> tells it.</summary>
    public async Task<string> PropertyAsync(string name, string unit = Unit) => (await Machine.RunAsync("systemctl", "show", unit, "--value", "--property", name)).Trim();
}

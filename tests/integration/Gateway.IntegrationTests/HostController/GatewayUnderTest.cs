using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;
using Gateway.IntegrationTests.Trust;

namespace Gateway.IntegrationTests.HostController;

/// <summary>A gateway in a folder (<c>--root</c>), an operator with a key, and the server that playbooks are published on.</summary>
public sealed class GatewayUnderTest : IAsyncDisposable
{
    private static readonly string Program = Repository.At("tests", "integration", "Gateway.IntegrationTests", "bin", BuildConfiguration, "net10.0", "host-controller");

    private GatewayUnderTest(HttpFixtureServer server)
    {
        Server = server;
        Root = Directory.CreateTempSubdirectory("gateway-host-").FullName;
        foreach (var folder in new[] { "etc/gateway/trusted.d", "run/gateway", "var/lib/gateway", "target" })
        {
            Directory.CreateDirectory(At(folder));
        }
    }

    public string Root { get; }

    public HttpFixtureServer Server { get; }

    public GpgHome Operator { get; } = new();

    public string Key { get; private set; } = "";

    private static string BuildConfiguration => AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>A gateway <c>gw-1</c> in group <c>beta</c> whose playbook is at <c>/pb.yml</c>.</summary>
    public static async Task<GatewayUnderTest> CreateAsync(HttpFixtureServer? server = null)
    {
        var gateway = new GatewayUnderTest(server ?? HttpFixtureServer.Start());
        gateway.Key = await gateway.Operator.MakeKeyAsync("operator@example.com");
        await gateway.TrustAsync(await gateway.Operator.ExportAsync(gateway.Key));
        await gateway.ConfigureAsync();
        return gateway;
    }

    public string At(string path) => Path.Combine(Root, path);

    public Task ConfigureAsync(string more = "", string url = "pb.yml") => File.WriteAllTextAsync(
        At("etc/gateway/host-controller.yaml"),
        $"gateway_id: gw-1\ngroups: [beta]\nplaybook_url: '{Server.Url(url).Replace("%7B", "{").Replace("%7D", "}")}'\nfetch_timeout: 20\n{more}\n");

    /// <summary>Replaces the keys it trusts.</summary>
    public Task TrustAsync(byte[] keys) => File.WriteAllBytesAsync(At("etc/gateway/trusted.d/operator.gpg"), keys);

    /// <summary>A playbook that writes <paramref name="content"/> to <c>/target/file</c>.</summary>
    public static string Playbook(long serial, string content, string targets = "all", string expires = "2099-01-01T00:00:00Z") => $$"""
        - name: Test
          hosts: all
          gather_facts: false
          vars:
            release: {serial: {{serial}}, expires: {{expires}}, targets: [{{targets}}]}
          tasks:
            - name: First
              copy: {dest: /target/file, content: "{{content}}"}
            - name: Second
              debug: {msg: done}

        """;

    /// <summary>Signs and publishes.</summary>
    public async Task PublishAsync(string playbook, string path = "pb.yml", string? key = null)
    {
        var bytes = Encoding.UTF8.GetBytes(playbook);
        Server.Put(path, bytes).Put(path + ".asc", await Operator.SignAsync(bytes, key ?? Key));
    }

    /// <summary>Signs into a file and its <c>.asc</c>.</summary>
    public async Task<string> WriteSignedAsync(string playbook, string name = "local.yml")
    {
        var path = At(name);
        await File.WriteAllTextAsync(path, playbook);
        await File.WriteAllBytesAsync(path + ".asc", await Operator.SignAsync(Encoding.UTF8.GetBytes(playbook), Key));
        return path;
    }

    /// <summary>What stands in <c>/target/file</c>; null when nothing ran.</summary>
    public string? Target => File.Exists(At("target/file")) ? File.ReadAllText(At("target/file")) : null;

    public Task<ProcessOutcome> RunAsync(params ImmutableArray<string> arguments) => ProcessRunner.RunAsync(Request(arguments), CancellationToken.None);

    public ProcessRequest Request(params ImmutableArray<string> arguments) =>
        new(Program, ["--root", Root, .. arguments]) { Timeout = TimeSpan.FromMinutes(2), Environment = new Dictionary<string, string?> { ["JOURNAL_STREAM"] = null, ["NOTIFY_SOCKET"] = null } };

    /// <summary>Runs a cycle and checks its exit status.</summary>
    public async Task<string> CycleAsync(int status, params ImmutableArray<string> more)
    {
        var outcome = await RunAsync(["run", .. more]);
        Assert.True(outcome.ExitCode == status, $"exit {outcome.ExitCode}, expected {status}\n{outcome.StandardError}\n{outcome.StandardOutput}");
        return outcome.StandardError;
    }

    public async Task<JsonDocument> StatusAsync() => JsonDocument.Parse((await RunAsync("status", "--output", "json")).StandardOutput);

    /// <summary>Starts the daemon; its log goes to <c>log</c> in the root.</summary>
    public Process StartDaemon(IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>\"$LOG\"", Program, "--root", Root, "daemon"]);
        start.Environment["LOG"] = At("log");
        start.Environment.Remove("JOURNAL_STREAM");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public string Log => File.Exists(At("log")) ? File.ReadAllText(At("log")) : "";

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> holds, string what, double seconds = 30)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"not within {seconds} s: {what}\n{Log}");
            await Task.Delay(20);
        }
    }

    /// <summary>Ends a process as systemd does and gives its exit status.</summary>
    public static async Task<int> TerminateAsync(Process process)
    {
        await ProcessRunner.RunAsync(new ProcessRequest("kill", ["-TERM", $"{process.Id}"]), CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Server.Dispose();
        await Operator.DisposeAsync();
        Directory.Delete(Root, true);
    }
}

using System.Diagnostics;
using Gateway.Core.Engine;
using Gateway.Core.Processes;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>A private engine, registry and broker in a network namespace of their own: <c>demo/sandbox.sh</c>.</summary>
public sealed class Sandbox : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly List<IDisposable> toDispose = [];

    private Sandbox(string directory, IReadOnlyDictionary<string, string> where)
    {
        Directory = directory;
        Network = new NetworkNamespace(where["NAMESPACE"]);
        DockerSocket = where["DOCKER_SOCKET"];
        RegistryAddress = where["REGISTRY"];
        BrokerPort = int.Parse(where["BROKER_PORT"]);
        BrokerTlsPort = int.Parse(where["BROKER_TLS_PORT"]);
        PkiDirectory = where["PKI"];
        Docker = new DockerClient(DockerSocket);
        Raw = new RawEngine(DockerSocket);
        Registry = new TestRegistry(RegistryAddress, Network);
        toDispose.AddRange([Docker, Raw, Registry]);
    }

    public string Directory { get; }

    public string DockerSocket { get; }

    /// <summary>A client of the engine; a test may make its own.</summary>
    public DockerClient Docker { get; }

    /// <summary>The engine without our client.</summary>
    public RawEngine Raw { get; }

    /// <summary><c>127.0.0.1:port</c>, inside the namespace.</summary>
    public string RegistryAddress { get; }

    public TestRegistry Registry { get; }

    /// <summary>Without TLS, anonymous; on the loopback inside the namespace.</summary>
    public int BrokerPort { get; }

    /// <summary>With client certificates whose common name is the user; on the loopback inside the namespace.</summary>
    public int BrokerTlsPort { get; }

    /// <summary>Holds <c>ca.crt</c> and what <see cref="ClientCertificateAsync"/> makes.</summary>
    public string PkiDirectory { get; }

    public NetworkNamespace Network { get; }

    /// <summary>The engine's process id.</summary>
    public int EnginePid => int.Parse(File.ReadAllText(Path.Combine(Directory, "docker", "docker.pid")));

    /// <summary>Starts one in this folder, a short path; fails with the end of the log of what did not start.</summary>
    public static async Task<Sandbox> StartAsync(string directory)
    {
        await ScriptAsync("start", directory);
        var lines = await ScriptAsync("env", directory);
        var where = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new Sandbox(directory, where);
    }

    /// <summary>Ends the one in this folder, running or left over.</summary>
    public static Task StopAsync(string directory) => ScriptAsync("stop", directory);

    /// <summary>Runs a program inside the namespace to its end.</summary>
    public Task<ProcessOutcome> RunInNamespaceAsync(string program, params string[] arguments) =>
        ProcessRunner.RunAsync(InNamespace(new ProcessRequest(program, [.. arguments])), CancellationToken.None);

    /// <summary>The same request, inside the namespace.</summary>
    public ProcessRequest InNamespace(ProcessRequest request) =>
        request with { Program = "nsenter", Arguments = [$"--net=/run/netns/{Network.Name}", "--", request.Program, .. request.Arguments] };

    /// <summary>Starts a program inside the namespace, its output redirected and unread; the caller ends it by <see cref="Process.Kill(bool)"/>.</summary>
    public Process StartInNamespace(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("nsenter", [$"--net=/run/netns/{Network.Name}", "--", program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        toDispose.Add(process);
        return process;
    }

    /// <summary>Ends the broker as a power cut would: what it retained is lost.</summary>
    public Task KillBrokerAsync() => KillAsync("broker");

    /// <summary>Starts the broker again, with nothing retained.</summary>
    public Task StartBrokerAsync() => StartAgainAsync("broker", $"mosquitto -c {Directory}/broker/mosquitto.conf");

    /// <summary>Ends the engine alone with this signal (<c>KILL</c>, <c>TERM</c>) and starts it again, on what the old one left.</summary>
    public Task RestartEngineAsync(string signal) => ScriptAsync("restart-engine", Directory, signal);

    /// <summary>Ends the registry as a power cut would.</summary>
    public Task KillRegistryAsync() => KillAsync("registry");

    /// <summary>Starts the registry again, with everything it held.</summary>
    public Task StartRegistryAsync() => StartAgainAsync("registry", $"docker-registry serve {Directory}/registry/config.yml");

    /// <summary>Takes the network away, or gives it back: with the loopback nothing inside can reach registry or broker.</summary>
    public async Task SetNetworkAsync(bool up)
    {
        var set = await RunInNamespaceAsync("ip", "link", "set", "lo", up ? "up" : "down");
        Assert.True(set.IsSuccess, set.StandardError);
    }

    /// <summary>A port on this process's own loopback that leads to one inside, for as long as the sandbox lives.</summary>
    public int Forward(int port)
    {
        var forward = new PortForward(Network, port);
        toDispose.Add(forward);
        return forward.Port;
    }

    /// <summary>An HTTP server inside the namespace, for programs that run there.</summary>
    public HttpFixtureServer StartHttpServer()
    {
        var server = HttpFixtureServer.Start(Network.CreateSocket());
        toDispose.Add(server);
        return server;
    }

    /// <summary>Makes (once) a client certificate for the broker with that common name.</summary>
    public async Task<ClientCertificate> ClientCertificateAsync(string name)
    {
        await ScriptAsync("client-cert", Directory, name);
        return new ClientCertificate(Path.Combine(PkiDirectory, "ca.crt"), Path.Combine(PkiDirectory, name + ".crt"), Path.Combine(PkiDirectory, name + ".key"));
    }

    /// <summary>Pushes an image that runs busybox's <paramref name="command"/>; gives <c>registry/name@sha256:…</c>.</summary>
    public Task<string> PushTestImageAsync(string name, params string[] command) => PushTestImageAsync(name, new TestImage { Command = [.. command] });

    /// <summary>Pushes an image; gives <c>registry/name@sha256:…</c>. The name may have a tag.</summary>
    public Task<string> PushTestImageAsync(string name, TestImage image) => Registry.PushAsync(name, image);

    /// <summary>The end of the engine's log, for a failed test's message.</summary>
    public string EngineLog() => string.Join('\n', File.ReadLines(Path.Combine(Directory, "docker.log")).TakeLast(40));

    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in toDispose.AsEnumerable().Reverse())
        {
            disposable.Dispose();
        }

        await StopAsync(Directory);
    }

    private string PidFile(string service) => Path.Combine(Directory, $"{service}.pid");

    private async Task KillAsync(string service)
    {
        using var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(PidFile(service))));
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task StartAgainAsync(string service, string line)
    {
        var started = await RunInNamespaceAsync("sh", "-c", $"setsid {line} </dev/null >>{Directory}/{service}.log 2>&1 & echo $! >{PidFile(service)}");
        Assert.True(started.IsSuccess, started.StandardError);
    }

    private static async Task<string> ScriptAsync(params string[] arguments)
    {
        var request = new ProcessRequest("bash", [Repository.At("demo", "sandbox.sh"), .. arguments]) { Timeout = Patience };
        var outcome = await ProcessRunner.RunAsync(request, CancellationToken.None);
        return outcome.ExitCode == 0
            ? outcome.StandardOutput
            : throw new InvalidOperationException($"sandbox.sh {string.Join(' ', arguments)}: exit {outcome.ExitCode}\n{outcome.StandardError}");
    }
}

/// <summary>Files by which a client of the broker proves who it is.</summary>
public sealed record ClientCertificate(string Authority, string Certificate, string Key);

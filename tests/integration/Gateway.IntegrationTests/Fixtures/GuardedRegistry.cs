using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Core.Processes;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>A second registry of the sandbox, which wants a name and a password (htpasswd) for reading and writing.</summary>
public sealed class GuardedRegistry : IAsyncDisposable
{
    public const string User = "gateway";
    public const string Password = "correct horse";

    private readonly string folder;
    private readonly Process process;
    private readonly TestRegistry open;
    private readonly TestRegistry guarded;

    private GuardedRegistry(Sandbox sandbox, string folder, int port, Process process)
    {
        this.folder = folder;
        this.process = process;
        Address = $"127.0.0.1:{port}";
        open = new TestRegistry(Address, sandbox.Network);
        guarded = new TestRegistry(Address, sandbox.Network, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"))));
    }

    /// <summary><c>127.0.0.1:port</c>, inside the namespace.</summary>
    public string Address { get; }

    public static async Task<GuardedRegistry> StartAsync(Sandbox sandbox, int port = 5443)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-registry-").FullName;
        // docker-registry knows bcrypt alone; Debian's perl has it from libcrypt.
        var hash = await ProcessRunner.RunAsync(new ProcessRequest("perl", ["-e", "print crypt($ARGV[0], '$2b$05$abcdefghijklmnopqrstuu')", Password]), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, "htpasswd"), $"{User}:{hash.StandardOutput}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "config.yml"), $$"""
            version: 0.1
            log: {level: warn, accesslog: {disabled: true} }
            storage:
              filesystem: {rootdirectory: "{{folder}}/data"}
            auth:
              htpasswd: {realm: gateway, path: "{{folder}}/htpasswd"}
            http: {addr: "127.0.0.1:{{port}}", secret: sandbox }
            """);
        var process = sandbox.StartInNamespace("docker-registry", "serve", Path.Combine(folder, "config.yml"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var registry = new GuardedRegistry(sandbox, folder, port, process);
        await registry.AnswersAsync(sandbox, port);
        return registry;
    }

    /// <summary>Pushes an image, with the password or without; gives <c>registry/name@sha256:…</c>.</summary>
    public Task<string> PushAsync(string name, TestImage image, bool authorised = true) => (authorised ? guarded : open).PushAsync(name, image);

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        open.Dispose();
        guarded.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task AnswersAsync(Sandbox sandbox, int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var socket = await sandbox.Network.ConnectAsync(port);
                return;
            }
            catch (System.Net.Sockets.SocketException) when (attempt < 100 && !process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }
}

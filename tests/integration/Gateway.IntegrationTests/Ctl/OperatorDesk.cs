using Gateway.Core.Processes;
using Gateway.Ctl.Commands;
using Gateway.Ctl.Output;

namespace Gateway.IntegrationTests.Ctl;

/// <summary>An operator's folder with a gpg home of its own, and gatewayctl run in it as from a command line.</summary>
public sealed class OperatorDesk : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("desk-").FullName;

    /// <summary>Variables gatewayctl sees.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Home => At("gnupg");

    public string Trusted => At("trusted.d");

    public string At(string name) => Path.Combine(folder, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(At(name), content);
        return At(name);
    }

    /// <summary>A desired state of one application, for all unless said otherwise.</summary>
    public string WriteDesired(string name, long serial = 1, string targets = "all", string expires = "2040-01-01T00:00:00Z") => Write(name, $$"""
        # what the gateway shall run
        release: {serial: {{serial}}, expires: {{expires}}, targets: ["{{targets}}"]}
        applications:
          metering:
            version: "1.{{serial}}"
            services:
              db:
                image: registry.example.com/db:15@sha256:{{new string('a', 64)}}
        """);

    /// <summary>A key without passphrase, trusted.</summary>
    public async Task MakeKeyAsync()
    {
        Directory.CreateDirectory(Trusted);
        var made = await RunAsync("keygen", "--name", "Ann Operator <ann@example.com>", "--home", Home, "--no-passphrase", "--output", Path.Combine(Trusted, "ann.asc"));
        Assert.Equal(0, made.Exit);
    }

    public async Task<string> SignedAsync(string file, params string[] more)
    {
        var signed = await RunAsync(["sign", file, "--home", Home, .. more]);
        Assert.True(signed.Exit == 0, signed.All);
        return file;
    }

    /// <summary>Runs gatewayctl; its exit status and what it wrote.</summary>
    public async Task<CtlRun> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var shell = new Shell(new Terminal(output, TextWriter.Synchronized(error), Styled: false), name => Environment.GetValueOrDefault(name), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return new CtlRun(await CommandLine.RunAsync(arguments, shell, limit.Token), output.ToString(), error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Home))
        {
            await ProcessRunner.RunAsync(new ProcessRequest("gpgconf", ["--homedir", Home, "--kill", "all"]), CancellationToken.None);
        }

        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>How a run of gatewayctl ended.</summary>
public sealed record CtlRun(int Exit, string Output, string Error)
{
    public string All => $"exit {Exit}\n{Output}{Error}";
}

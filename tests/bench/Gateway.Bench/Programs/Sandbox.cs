using System.Diagnostics;

namespace Gateway.Bench.Programs;

/// <summary>A private engine, registry and broker for the length of a benchmark.</summary>
internal sealed class Sandbox : IDisposable
{
    private Sandbox(string folder) => Folder = folder;

    public string Folder { get; }

    public string Socket => Path.Combine(Folder, "docker/docker.sock");

    public static Sandbox Start()
    {
        var sandbox = new Sandbox($"/var/tmp/gateway-bench-{Environment.ProcessId}");
        Shell.Run(Paths.Sandbox, "start", sandbox.Folder);
        return sandbox;
    }

    /// <summary>The command, inside the sandbox's network.</summary>
    public Command Inside(Command command) =>
        command with { Program = Paths.Sandbox, Arguments = ["exec", Folder, "--", command.Program, .. command.Arguments] };

    /// <summary>Starts a program inside and gives the process that is it, not the script's: that one is replaced.</summary>
    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Paths.Sandbox, ["exec", Folder, "--", program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs this very program inside, to its end.</summary>
    public void Again(params string[] arguments)
    {
        string[] line = ["exec", Folder, "--", Environment.ProcessPath!, .. arguments];
        using var process = Process.Start(new ProcessStartInfo(Paths.Sandbox, line) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }

    public void Dispose() => Shell.Run(Paths.Sandbox, "stop", Folder);
}

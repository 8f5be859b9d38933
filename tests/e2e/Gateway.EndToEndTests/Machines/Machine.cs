using System.Diagnostics;
using System.Text;
using Gateway.Core.Processes;

namespace Gateway.EndToEndTests.Machines;

/// <summary>
/// A Debian machine that runs as a process. A power cut kills that process: the machine's memory is gone, what it had
/// written but not flushed included. The host's loopback is 10.0.2.2 for it.
/// </summary>
public sealed class Machine : IAsyncDisposable
{
    private static readonly TimeSpan BootPatience = TimeSpan.FromMinutes(15);
    private readonly MachineImage image;
    private readonly MachineDisk disk;
    private readonly string folder;
    private Process? process;
    private GuestAgent? agent;
    private bool isFrozen;

    private Machine(MachineImage image, string? goesOnFrom)
    {
        this.image = image;
        folder = Directory.CreateTempSubdirectory($"gateway-vm-{Environment.ProcessId}-").FullName;
        disk = goesOnFrom is null ? new MachineDisk(Path.Combine(folder, "disk.img"), Base: null) : new MachineDisk(Path.Combine(folder, "overlay.img"), goesOnFrom);
    }

    /// <summary>The part of the slowest emulator's patience that this machine needs.</summary>
    public double Patience => image.Emulator.Patience;

    /// <summary>A new machine, booted.</summary>
    public static async Task<Machine> BootAsync(MachineImage image)
    {
        EndLeftovers();
        var machine = new Machine(image, goesOnFrom: null);
        await RunHereAsync("cp", "--sparse=always", image.Disk, machine.disk.Path);
        return await machine.PoweredOnAsync();
    }

    /// <summary>One that boots from where another was frozen.</summary>
    public static Task<Machine> ThawAsync(FrozenMachine frozen) => new Machine(frozen.Image, Path.Combine(frozen.Folder, "disk.img")).PoweredOnAsync();

    /// <summary>Switches it off for ever, in order, so that others can go on from its disk.</summary>
    public async Task<FrozenMachine> FreezeAsync()
    {
        // A moment later, so that there is still somebody to answer.
        await ShellAsync("(sleep 1; systemctl poweroff) >/dev/null 2>&1 &");
        using var limit = new CancellationTokenSource(BootPatience);
        await process!.WaitForExitAsync(limit.Token);
        await CutPowerAsync();
        isFrozen = true;
        return new FrozenMachine(image, folder);
    }

    /// <summary>Cuts the power: whatever was not flushed is gone.</summary>
    public async Task CutPowerAsync()
    {
        agent?.Dispose();
        agent = null;
        if (process is { } running)
        {
            process = null;
            running.Kill();
            await running.WaitForExitAsync();
            running.Dispose();
        }
    }

    /// <summary>Switches it on and waits until programs can be run in it.</summary>
    public async Task PowerOnAsync()
    {
        (process, agent) = await image.Emulator.StartAsync(image, disk, folder);
        await agent.ReadyAsync(BootPatience);
    }

    private async Task<Machine> PoweredOnAsync()
    {
        try
        {
            await PowerOnAsync();
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program in it, which must exit with 0; its output.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var outcome = await TryAsync(program, arguments);
        Assert.True(outcome.IsSuccess, $"{program} {string.Join(' ', arguments)}: {outcome.ExitCode}\n{outcome.StandardOutput}{outcome.StandardError}");
        return outcome.StandardOutput;
    }

    /// <summary>Runs a program in it to its end.</summary>
    public Task<ProcessOutcome> TryAsync(string program, params string[] arguments) =>
        Agent.RunAsync(program, arguments, input: null, TimeSpan.FromMinutes(20));

    /// <summary>Writes a file, and its folder if need be.</summary>
    public async Task WriteAsync(string path, byte[] content)
    {
        // Larger messages than this are cut by the agent.
        const int Part = 2 * 1024 * 1024;
        await RunAsync("/bin/sh", "-c", $"mkdir -p \"$(dirname '{path}')\" && : >'{path}'");
        for (var at = 0; at < content.Length; at += Part)
        {
            var written = await Agent.RunAsync("/bin/sh", ["-c", $"cat >>'{path}'"], content.AsSpan(at, Math.Min(Part, content.Length - at)).ToArray(), TimeSpan.FromMinutes(2));
            Assert.True(written.IsSuccess, written.StandardError);
        }
    }

    public Task WriteAsync(string path, string content) => WriteAsync(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Runs a line of shell in it, which must exit with 0; its output without white space around it.</summary>
    public async Task<string> ShellAsync(string line) => (await RunAsync("/bin/sh", "-c", line)).Trim();

    /// <summary>Waits until a line of shell exits with 0; fails with what it last said.</summary>
    /// <param name="what">What is waited for.</param>
    /// <param name="patience">What the slowest emulator needs.</param>
    /// <param name="line">Shell.</param>
    public async Task<string> UntilAsync(string what, TimeSpan patience, string line)
    {
        patience *= Patience;
        var until = DateTime.UtcNow + patience;
        while (true)
        {
            var outcome = await TryAsync("/bin/sh", "-c", line);
            if (outcome.IsSuccess)
            {
                return outcome.StandardOutput;
            }

            if (DateTime.UtcNow > until)
            {
                Assert.Fail($"{what} did not come about within {patience.TotalSeconds} s: {outcome.StandardOutput}{outcome.StandardError}\n{await DiagnosisAsync()}");
            }

            // To ask costs the machine more than what it is asked about takes.
            await Task.Delay(3000);
        }
    }

    /// <summary>Waits until a line of shell exits with 0, looking as often as the machine allows; whether it did.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="line">Shell.</param>
    /// <param name="tooLate">A line of shell; when it exits with 0, there is nothing to wait for any more.</param>
    public async Task<bool> TryUntilAsync(TimeSpan patience, string line, string tooLate)
    {
        var loop = $"end=$(($(date +%s) + {(int)patience.TotalSeconds})); until {line}; do {tooLate} && exit 1; [ $(date +%s) -lt $end ] || exit 1; sleep 0.05; done 2>/dev/null";
        return (await Agent.RunAsync("/bin/sh", ["-c", loop], input: null, patience * 2)).IsSuccess;
    }

    /// <summary>What a person would look at first.</summary>
    public async Task<string> DiagnosisAsync()
    {
        const string Script = "journalctl --no-pager -b -u gateway-host-controller -n 60 -o short-iso; docker ps -a; for c in $(docker ps -aq); do echo \"== $c\"; docker logs --tail 20 $c 2>&1; done; df -h /";
        return (await TryAsync("/bin/sh", "-c", Script)).StandardOutput;
    }

    public async ValueTask DisposeAsync()
    {
        await CutPowerAsync();
        if (!isFrozen)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private GuestAgent Agent => agent ?? throw new InvalidOperationException("the machine is off");

    /// <summary>A test run that was killed could not end its machines; its process id is in the folder's name.</summary>
    private static void EndLeftovers()
    {
        foreach (var left in Directory.GetDirectories(Path.GetTempPath(), "gateway-vm-*-*"))
        {
            if (int.TryParse(Path.GetFileName(left).Split('-')[2], out var owner) && !Directory.Exists($"/proc/{owner}"))
            {
                var pidFile = Path.Combine(left, "pid");
                if (File.Exists(pidFile) && int.TryParse(File.ReadAllText(pidFile), out var pid)
                    && File.Exists($"/proc/{pid}/cmdline") && File.ReadAllText($"/proc/{pid}/cmdline").Contains(left, StringComparison.Ordinal))
                {
                    Process.GetProcessById(pid).Kill();
                }

                Directory.Delete(left, recursive: true);
            }
        }
    }

    private static async Task RunHereAsync(string program, params string[] arguments)
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest(program, [.. arguments]), CancellationToken.None);
        Assert.True(outcome.IsSuccess, $"{program}: {outcome.StandardError}");
    }
}

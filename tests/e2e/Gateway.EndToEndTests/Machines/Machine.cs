using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Processes;

namespace Gateway.EndToEndTests.Machines;

/// <summary>
/// A Debian machine in software emulation. A power cut kills the emulator: the machine's memory is gone, what it had written
/// but not flushed included. The host's loopback is 10.0.2.2 for it.
/// </summary>
public sealed class Machine : IAsyncDisposable
{
    private static readonly TimeSpan BootPatience = TimeSpan.FromMinutes(15);
    private readonly MachineImage image;
    private readonly string folder;
    private Process? qemu;
    private bool isFrozen;
    private GuestAgent? agent;

    private Machine(MachineImage image, string folder)
    {
        this.image = image;
        this.folder = folder;
    }

    /// <summary>What the machine wrote to its console since it was made.</summary>
    public string ConsoleFile => Path.Combine(folder, "console.log");

    /// <summary>Minutes to add to the real time for the machine's clock at its next boot.</summary>
    public TimeSpan ClockAhead { get; set; }

    /// <summary>A new machine of a suite, booted.</summary>
    public static async Task<Machine> BootAsync(string suite)
    {
        EndLeftovers();
        var image = await MachineImage.OfAsync(suite);
        return await MakeAsync(image, "raw", image.Disk, null);
    }

    /// <summary>One that goes on from where another was frozen, within seconds; its clock too, so that it is late by what has passed.</summary>
    public static Task<Machine> ThawAsync(FrozenMachine frozen) => MakeAsync(frozen.Image, "qcow2", frozen.Disk, frozen.Memory);

    /// <summary>Stops it for ever, so that others can go on from here.</summary>
    public async Task<FrozenMachine> FreezeAsync()
    {
        using (var monitor = await Monitor.ConnectAsync(Path.Combine(folder, "monitor.sock"), BootPatience))
        {
            await RunAsync("sync");
            agent?.Dispose();
            agent = null;
            await monitor.AskAsync("stop");
            await monitor.AskAsync("migrate", new JsonObject { ["uri"] = $"exec:cat >{Path.Combine(folder, "memory")}" });
            while (await monitor.AskAsync("query-migrate") is var progress && progress["status"]!.ToString() is var status && status != "completed")
            {
                Assert.True(status is "setup" or "active" or "device" or "pre-switchover", progress.ToJsonString());
                await Task.Delay(200);
            }

            await monitor.AskAsync("quit");
        }

        await qemu!.WaitForExitAsync();
        qemu.Dispose();
        qemu = null;
        isFrozen = true;
        return new FrozenMachine(image, folder);
    }

    private static async Task<Machine> MakeAsync(MachineImage image, string format, string disk, string? memory)
    {
        var machine = new Machine(image, Directory.CreateTempSubdirectory($"gateway-vm-{Environment.ProcessId}-").FullName);
        try
        {
            await RunHereAsync("qemu-img", "create", "-q", "-f", "qcow2", "-F", format, "-b", disk, machine.Overlay);
            await machine.PowerOnAsync(memory);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts the power: whatever was not flushed is gone.</summary>
    public async Task CutPowerAsync()
    {
        agent?.Dispose();
        agent = null;
        if (qemu is not { } running)
        {
            return;
        }

        qemu = null;
        running.Kill();
        await running.WaitForExitAsync();
        running.Dispose();
    }

    /// <summary>Switches it on and waits until its services have been started.</summary>
    public Task PowerOnAsync() => PowerOnAsync(memory: null);

    private async Task PowerOnAsync(string? memory)
    {
        var socket = Path.Combine(folder, "agent.sock");
        File.Delete(socket);
        string[] going = memory is null ? [] : ["-incoming", $"exec:cat {memory}"];
        var start = new ProcessStartInfo("qemu-system-x86_64", [.. Arguments(socket), .. going]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardInput = true };
        qemu = Process.Start(start)!;
        qemu.BeginErrorReadLine();
        agent = new GuestAgent(socket);
        await agent.ReadyAsync(BootPatience);
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
    public async Task<string> UntilAsync(string what, TimeSpan patience, string line)
    {
        var until = DateTime.UtcNow + patience;
        while (true)
        {
            var outcome = await TryAsync("/bin/sh", "-c", line);
            if (outcome.IsSuccess)
            {
                return outcome.StandardOutput;
            }

            Assert.True(DateTime.UtcNow < until, $"{what} did not come about within {patience.TotalSeconds} s: {outcome.StandardOutput}{outcome.StandardError}\n{await DiagnosisAsync()}");
            await Task.Delay(1000);
        }
    }

    /// <summary>Waits until a line of shell exits with 0, looking as often as the agent allows; gives up in silence.</summary>
    public async Task TryUntilAsync(TimeSpan patience, string line)
    {
        var loop = $"end=$(($(date +%s) + {(int)patience.TotalSeconds})); until {line}; do [ $(date +%s) -lt $end ] || exit 1; sleep 0.05; done 2>/dev/null";
        _ = await Agent.RunAsync("/bin/sh", ["-c", loop], input: null, patience * 2);
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

    private string Overlay => Path.Combine(folder, "disk.qcow2");

    private IEnumerable<string> Arguments(string socket)
    {
        var time = (DateTimeOffset.UtcNow + ClockAhead).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss");
        return
        [
            "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1536",
            "-display", "none", "-monitor", "none", "-qmp", $"unix:{Path.Combine(folder, "monitor.sock")},server=on,wait=off", "-no-reboot", "-rtc", $"base={time},clock=vm",
            "-kernel", image.Kernel, "-initrd", image.Initrd, "-append", "root=/dev/vda rw console=ttyS0 panic=1 quiet",
            "-drive", $"file={Overlay},if=virtio,cache=writeback",
            "-netdev", "user,id=lan", "-device", "virtio-net-pci,netdev=lan",
            "-device", "virtio-serial", "-chardev", $"socket,id=agent,path={socket},server=on,wait=off", "-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
            "-serial", $"file:{ConsoleFile}", "-pidfile", Path.Combine(folder, "qemu.pid"),
        ];
    }

    /// <summary>A test run that was killed could not end its machines; its process id is in the folder's name.</summary>
    private static void EndLeftovers()
    {
        foreach (var left in Directory.GetDirectories(Path.GetTempPath(), "gateway-vm-*-*"))
        {
            if (int.TryParse(Path.GetFileName(left).Split('-')[2], out var owner) && !Directory.Exists($"/proc/{owner}"))
            {
                var pidFile = Path.Combine(left, "qemu.pid");
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

using System.Diagnostics;
using System.Text;
using Gateway.Core.Processes;

namespace Gateway.EndToEndTests.Machines;

/// <summary>
/// A Debian machine in software emulation. What its disk was not told to flush is lost when the power is cut, as on a real
/// one (the overlay is written through). The host's loopback is 10.0.2.2 for it.
/// </summary>
public sealed class Machine : IAsyncDisposable
{
    private static readonly TimeSpan BootPatience = TimeSpan.FromMinutes(6);
    private readonly MachineImage image;
    private readonly string folder;
    private Process? qemu;
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

    public static async Task<Machine> BootAsync(string suite)
    {
        EndLeftovers();
        var image = await MachineImage.OfAsync(suite);
        var machine = new Machine(image, Directory.CreateTempSubdirectory($"gateway-vm-{Environment.ProcessId}-").FullName);
        try
        {
            await RunHereAsync("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", image.Disk, machine.Overlay);
            await machine.PowerOnAsync();
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
    public async Task PowerOnAsync()
    {
        var socket = Path.Combine(folder, "agent.sock");
        File.Delete(socket);
        var start = new ProcessStartInfo("qemu-system-x86_64", Arguments(socket)) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardInput = true };
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
        Agent.RunAsync(program, arguments, input: null, TimeSpan.FromMinutes(5));

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

    /// <summary>Waits until a command exits with 0; fails with what it last said.</summary>
    public async Task<string> UntilAsync(string what, TimeSpan patience, string program, params string[] arguments)
    {
        var until = DateTime.UtcNow + patience;
        while (true)
        {
            var outcome = await TryAsync(program, arguments);
            if (outcome.IsSuccess)
            {
                return outcome.StandardOutput;
            }

            Assert.True(DateTime.UtcNow < until, $"{what} did not come about within {patience.TotalSeconds} s: {outcome.StandardOutput}{outcome.StandardError}\n{await DiagnosisAsync()}");
            await Task.Delay(1000);
        }
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
        Directory.Delete(folder, recursive: true);
    }

    private GuestAgent Agent => agent ?? throw new InvalidOperationException("the machine is off");

    private string Overlay => Path.Combine(folder, "disk.qcow2");

    private IEnumerable<string> Arguments(string socket)
    {
        var time = (DateTimeOffset.UtcNow + ClockAhead).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss");
        return
        [
            "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1536",
            "-display", "none", "-monitor", "none", "-no-reboot", "-rtc", $"base={time},clock=vm",
            "-kernel", image.Kernel, "-initrd", image.Initrd, "-append", "root=/dev/vda rw console=ttyS0 panic=1 quiet",
            "-drive", $"file={Overlay},if=virtio,cache=writethrough",
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

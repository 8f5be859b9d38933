using System.Diagnostics;
using System.Net.Sockets;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.EndToEndTests.Machines;

/// <summary>A way of running a machine as a process of this one. To kill that process is to cut the machine's power.</summary>
internal abstract class Emulator
{
    /// <summary>By the name that <c>MACHINE</c> gives: <c>uml</c> (the default) or <c>qemu</c>.</summary>
    public static Emulator Of(string? name) => name switch
    {
        null or "" or "uml" => new UserModeLinux(),
        "qemu" => new Qemu(),
        _ => throw new ArgumentException($"MACHINE={name}: only uml and qemu are known", nameof(name)),
    };

    /// <summary>As <c>machine-image.sh</c> calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The part of the patience that the slowest way needs.</summary>
    public abstract double Patience { get; }

    /// <summary>Starts a machine.</summary>
    /// <param name="image">What it was made from.</param>
    /// <param name="disk">Its disk.</param>
    /// <param name="folder">Its own folder; <c>console.log</c> and <c>pid</c> are written there.</param>
    public abstract Task<(Process Process, GuestAgent Agent)> StartAsync(MachineImage image, MachineDisk disk, string folder);

    protected static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
}

/// <summary>A disk, or with <see cref="Base"/> what differs from one that is only read.</summary>
internal sealed record MachineDisk(string Path, string? Base);

/// <summary>The kernel as a program (docs.kernel.org/virt/uml): the processor's own speed, booted in seconds.</summary>
internal sealed class UserModeLinux : Emulator
{
    public override string Name => "uml";

    public override double Patience => 0.3;

    public override Task<(Process Process, GuestAgent Agent)> StartAsync(MachineImage image, MachineDisk disk, string folder)
    {
        var file = $"/machine/{Path.GetFileName(disk.Path)}";
        var drive = disk.Base is null ? file : $"{file},/base/{Path.GetFileName(disk.Base)}";
        var process = Start(
            Repository.At("tests", "e2e", "uml.sh"),
            [Path.Combine(image.Folder, "kernel"), Path.GetDirectoryName(disk.Base ?? disk.Path)!, folder, "mem=1536M", "seccomp=auto", $"ubd0={drive}"]);
        return Task.FromResult((process, new GuestAgent(process.StandardOutput.BaseStream, process.StandardInput.BaseStream)));
    }
}

/// <summary>A whole computer in software emulation, its processor too: Debian's own kernel, and slow.</summary>
internal sealed class Qemu : Emulator
{
    public override string Name => "qemu";

    public override double Patience => 1;

    public override async Task<(Process Process, GuestAgent Agent)> StartAsync(MachineImage image, MachineDisk disk, string folder)
    {
        if (disk.Base is not null && !File.Exists(disk.Path))
        {
            using var made = Process.Start("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", disk.Base, disk.Path]);
            await made.WaitForExitAsync();
            Assert.Equal(0, made.ExitCode);
        }

        var line = Path.Combine(folder, "agent.sock");
        File.Delete(line);
        var process = Start("qemu-system-x86_64",
        [
            "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1536", "-display", "none", "-monitor", "none", "-no-reboot",
            "-kernel", Path.Combine(image.Folder, "vmlinuz"), "-initrd", Path.Combine(image.Folder, "initrd.img"),
            "-append", "root=/dev/vda rw console=ttyS0 panic=1 quiet systemd.journald.forward_to_console=1",
            "-drive", $"file={disk.Path},format={(disk.Base is null ? "raw" : "qcow2")},if=virtio,cache=writeback",
            "-netdev", "user,id=lan", "-device", "virtio-net-pci,netdev=lan",
            "-serial", $"file:{Path.Combine(folder, "console.log")}", "-serial", $"unix:{line},server=on,wait=off",
            "-pidfile", Path.Combine(folder, "pid"),
        ]);
        var stream = await ConnectAsync(line, process);
        return (process, new GuestAgent(stream, stream));
    }

    private static async Task<NetworkStream> ConnectAsync(string path, Process process)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (!process.HasExited)
            {
                socket.Dispose();
                await Task.Delay(100);
            }
        }
    }
}

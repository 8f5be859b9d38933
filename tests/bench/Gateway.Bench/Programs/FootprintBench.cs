using System.Globalization;

namespace Gateway.Bench.Programs;

/// <summary>What the programs cost while they have nothing to do, and how large what is shipped is.</summary>
internal static class FootprintBench
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(30);

    public static void Run(Report report, string work, Sandbox sandbox)
    {
        File.WriteAllText(Path.Combine(work, "daemon.yaml"), $"gateway_id: bench\nplaybook_url: file://{work}/none.yml\nstart_delay: 1d\nstate_directory: {work}/daemon\n");
        File.WriteAllText(Path.Combine(work, "idle.yaml"), $"gateway_id: bench\nmqtt: {{host: 127.0.0.1, port: 1883}}\ndocker_socket: {sandbox.Socket}\n");
        var controller = Idle(sandbox, Paths.HostController, "--root", Path.Combine(work, "root"), "--config", Path.Combine(work, "daemon.yaml"), "daemon");
        var supervisor = Idle(sandbox, Paths.ContainerSupervisor, "--config", Path.Combine(work, "idle.yaml"), "run");
        report.Figures("idle", $"With nothing to do, over {Watch.TotalSeconds:0} s", [
            ("host_controller_rss_mib", "host controller, daemon, resident", controller.Resident, "MiB"),
            ("host_controller_cpu_percent", "host controller, daemon, of one core", controller.Cpu, "%"),
            ("supervisor_rss_mib", "container supervisor, resident", supervisor.Resident, "MiB"),
            ("supervisor_cpu_percent", "container supervisor, of one core", supervisor.Cpu, "%"),
        ]);
        report.Figures("sizes", "Sizes", [.. Sizes()]);
    }

    private static (double Resident, double Cpu) Idle(Sandbox sandbox, string program, params string[] arguments)
    {
        using var process = sandbox.Start(program, arguments);
        Thread.Sleep(Settle);
        var before = process.HasExited ? throw new InvalidOperationException($"{program} ended with {process.ExitCode}") : Ticks(process.Id);
        Thread.Sleep(Watch);
        var cpu = (Ticks(process.Id) - before) / 100d / Watch.TotalSeconds * 100;
        var resident = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        Shell.Run("/bin/kill", process.Id.ToString(CultureInfo.InvariantCulture));
        process.WaitForExit(TimeSpan.FromSeconds(30));
        return (double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024, cpu);
    }

    /// <summary>User and system time in hundredths of a second (proc(5), fields 14 and 15).</summary>
    private static long Ticks(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
        return long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(string Key, string Label, double Value, string Unit)> Sizes()
    {
        static double Mib(string file) => new FileInfo(file).Length / 1024d / 1024;
        yield return ("host_controller_mib", "host-controller, the program", Mib(Paths.HostController), "MiB");
        yield return ("image_tar_mib", "supervisor's image, unpacked archive", Mib(Paths.Image), "MiB");
        foreach (var package in Directory.GetFiles(Paths.Packages, "*.deb").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(package).Split('_')[0];
            yield return ($"{name.Replace('-', '_')}_deb_mib", $"{name}, package", Mib(package), "MiB");
        }
    }
}

using System.Globalization;

namespace Gateway.Bench;

/// <summary>What the kernel accounts for a process (proc(5)).</summary>
internal static class ProcessFigures
{
    /// <summary>MiB resident, of it proportionally its own, its own alone, and what could not be read from a file again.</summary>
    public static (double Resident, double Proportional, double Unique, double Anonymous) Memory(int pid)
    {
        var figures = File.ReadLines($"/proc/{pid}/smaps_rollup").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture) / 1024);
        return (figures["Rss:"], figures["Pss:"], figures["Private_Clean:"] + figures["Private_Dirty:"], figures["Anonymous:"]);
    }

    /// <summary>Seconds of processor time so far, in hundredths, of threads that have ended too.</summary>
    public static double Cpu(int pid)
    {
        // The program's name, in brackets, may hold blanks.
        var line = File.ReadAllText($"/proc/{pid}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
    }

    /// <summary>The same of its whole control group, health checks included; null where that cannot be read.</summary>
    public static double? CpuOfGroup(int pid)
    {
        foreach (var line in File.ReadLines($"/proc/{pid}/cgroup"))
        {
            var path = line.Split(':', 3)[2].TrimStart('/');
            var unified = Path.Combine("/sys/fs/cgroup", path, "cpu.stat");
            if (line.StartsWith("0::", StringComparison.Ordinal) && File.Exists(unified))
            {
                return double.Parse(File.ReadLines(unified).First().Split(' ')[1], CultureInfo.InvariantCulture) / 1e6;
            }

            var old = Path.Combine("/sys/fs/cgroup/cpuacct", path, "cpuacct.usage");
            if (line.Contains("cpuacct", StringComparison.Ordinal) && File.Exists(old))
            {
                return double.Parse(File.ReadAllText(old), CultureInfo.InvariantCulture) / 1e9;
            }
        }

        return null;
    }
}

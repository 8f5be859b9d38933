using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Processors as /proc/cpuinfo lists them.</summary>
internal static class ProcessorFacts
{
    public static DictValue Read(FactSource source)
    {
        var lines = source.Kernel("/proc/cpuinfo").Split('\n').Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).Where(pair => pair.Length == 2).ToList();
        var count = Math.Max(1, lines.Count(pair => pair[0] == "processor"));
        string[] described = ["processor", "vendor_id", "model name", "Processor", "Model Name", "CPU implementer"];
        var sockets = lines.Where(pair => pair[0] == "physical id").Select(pair => pair[1]).Distinct(StringComparer.Ordinal).Count();
        long Number(string name) => lines.Where(pair => pair[0] == name && long.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(pair => long.Parse(pair[1], CultureInfo.InvariantCulture)).FirstOrDefault();
        var cores = Math.Max(1, Number("cpu cores"));
        var siblings = Math.Max(cores, Number("siblings"));
        var packages = sockets > 0 ? sockets : count;
        return Results.Of(
            ("ansible_processor", Results.List(lines.Where(pair => described.Contains(pair[0])).Select(pair => pair[1]))),
            ("ansible_processor_cores", cores),
            ("ansible_processor_count", (long)packages),
            ("ansible_processor_nproc", (long)count),
            ("ansible_processor_threads_per_core", siblings / cores),
            ("ansible_processor_vcpus", sockets > 0 ? packages * siblings : count));
    }
}

using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Memory in megabytes, and for how long the machine is up (proc(5)).</summary>
internal static class MemoryFacts
{
    public static DictValue Read(FactSource source)
    {
        var sizes = source.Kernel("/proc/meminfo").Split('\n')
            .Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1)
            .ToDictionary(words => words[0], words => long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size / 1024 : 0, StringComparer.Ordinal);
        long Size(string name) => sizes.GetValueOrDefault(name);
        var (total, free) = (Size("MemTotal"), Size("MemFree"));
        var unused = free + Size("Cached") + Size("Buffers");
        var up = source.Kernel("/proc/uptime").Split(' ')[0];
        return Results.Of(
            ("ansible_memfree_mb", free),
            ("ansible_memory_mb", Results.Of(
                ("nocache", Results.Of(("free", unused), ("used", total - unused))),
                ("real", Results.Of(("free", free), ("total", total), ("used", total - free))),
                ("swap", Results.Of(("cached", Size("SwapCached")), ("free", Size("SwapFree")), ("total", Size("SwapTotal")), ("used", Size("SwapTotal") - Size("SwapFree")))))),
            ("ansible_memtotal_mb", total),
            ("ansible_swapfree_mb", Size("SwapFree")),
            ("ansible_swaptotal_mb", Size("SwapTotal")),
            ("ansible_uptime_seconds", double.TryParse(up, CultureInfo.InvariantCulture, out var seconds) ? (long)seconds : 0L));
    }
}

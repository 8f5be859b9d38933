namespace Gateway.Core.State;

/// <summary>The kernel's id of this boot: another one after each restart of the machine.</summary>
public static class BootId
{
    /// <summary>Read once; empty where the kernel tells none.</summary>
    public static string Current { get; } = Read();

    private static string Read()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (IOException)
        {
            // Without it only the wording of a report is less exact.
            return "";
        }
    }
}

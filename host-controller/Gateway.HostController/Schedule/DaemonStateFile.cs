using System.Text.Json;
using Gateway.Core.State;
using Gateway.HostController.Reports;

namespace Gateway.HostController.Schedule;

/// <summary>Where the daemon tells <c>status</c> when it will work next; gone after a boot.</summary>
internal sealed class DaemonStateFile(HostPaths paths)
{
    private const int LargestFile = 4096;
    private readonly string path = Path.Combine(paths.Runtime, "host-controller.daemon.json");

    /// <summary>Tells. A file that cannot be written is nobody's loss but that of <c>status</c>.</summary>
    public void Write(DaemonState state)
    {
        Directory.CreateDirectory(paths.Runtime);
        _ = AtomicFile.WriteIfChanged(path, JsonSerializer.SerializeToUtf8Bytes(state, ReportsJson.Default.DaemonState), AtomicFile.WorldReadable);
    }

    public void Remove() => File.Delete(path);

    /// <summary>What the daemon told, or null when no such process is there.</summary>
    public DaemonState? Read()
    {
        if (AtomicFile.ReadIfThere(path, LargestFile) is not { IsSuccess: true, Value: { } content })
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(content, ReportsJson.Default.DaemonState) is { } state && Directory.Exists($"/proc/{state.Pid}") ? state : null;
        }
        catch (JsonException)
        {
            // Torn or foreign: as good as no daemon.
            return null;
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>
/// What <c>health</c> looks at: each loop says that it is alive, and a file tells the oldest word of any of them, and on
/// its second line where the engine is. Times are the kernel's since boot, so that a clock that is set changes nothing.
/// </summary>
internal sealed class Heartbeat(string runDirectory, string dockerSocket, TimeSpan stale)
{
    /// <summary>How often a loop must say that it is alive, at the least.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>A file older than this means that a loop hangs.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(150);

    private readonly ConcurrentDictionary<string, long> loops = new(StringComparer.Ordinal);
    private readonly string path = FileIn(runDirectory);
    private bool complained;

    public static string FileIn(string runDirectory) => Path.Combine(runDirectory, "supervisor-heartbeat");

    /// <summary>This loop is alive.</summary>
    public void Alive(string loop) => loops[loop] = Environment.TickCount64;

    /// <summary>Waits, and says meanwhile that the one who waits is alive: for loops that wait long for others.</summary>
    public static async Task WhileAsync(Task task, Action alive, CancellationToken cancellation)
    {
        alive();
        while (!task.IsCompleted)
        {
            await task.WaitAsync(Beat, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            alive();
        }

        await task;
    }

    /// <summary>Loops that have not said so for too long.</summary>
    public IEnumerable<string> Hanging(long now) =>
        loops.Where(loop => now - loop.Value > stale.TotalMilliseconds).Select(loop => loop.Key).Order(StringComparer.Ordinal);

    /// <summary>Writes the file; it lies in memory, so it is not flushed. What went wrong the first time, or null.</summary>
    public string? Write()
    {
        var oldest = loops.IsEmpty ? Environment.TickCount64 : loops.Values.Min();
        try
        {
            Directory.CreateDirectory(runDirectory);
            var temporary = path + ".tmp";
            File.WriteAllText(temporary, $"{oldest.ToString(CultureInfo.InvariantCulture)}\n{dockerSocket}\n");
            File.Move(temporary, path, overwrite: true);
            complained = false;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var first = !complained;
            complained = true;
            return first ? $"{path}: could not be written, so `health` will fail: {SystemErrors.Text(e)}" : null;
        }
    }

    /// <summary>Why the supervisor behind this folder is not healthy; null when it is.</summary>
    public static string? Problem(string runDirectory, long now, out string dockerSocket)
    {
        var file = FileIn(runDirectory);
        dockerSocket = "";
        try
        {
            var lines = File.ReadAllText(file).Split('\n');
            dockerSocket = lines.ElementAtOrDefault(1) ?? "";
            if (dockerSocket.Length == 0 || !long.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var oldest))
            {
                return $"{file}: is not a heartbeat";
            }

            var age = TimeSpan.FromMilliseconds(now - oldest);
            return age > Stale || age < -Stale ? $"{file}: the last sign of life of every loop is {age.TotalSeconds:0} s old; more than {Stale.TotalSeconds:0} s means that one hangs" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{file}: {SystemErrors.Text(e)}; is the supervisor running?";
        }
    }
}

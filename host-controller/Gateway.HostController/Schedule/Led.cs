using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.HostController.Schedule;

/// <summary>
/// One of the machine's LEDs (Linux' LED class in sysfs): flashes irregularly while a cycle runs, so that somebody on
/// site sees it, and afterwards does again what it did before, a crash in between included.
/// </summary>
internal sealed class Led
{
    private const int LargestFile = 16 * 1024;
    private readonly string folder;
    private readonly string name;
    private readonly string saved;

    public Led(HostPaths paths, string name)
    {
        this.name = name;
        folder = paths.On($"/sys/class/leds/{name}");
        saved = Path.Combine(paths.Runtime, "host-controller.led.json");
    }

    /// <summary>Flashes until cancelled, then restores. What goes wrong with a lamp is told and stops nothing.</summary>
    public async Task FlashAsync(Action<string> warn, CancellationToken cancellation)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                warn($"led '{name}': there is no {folder}; see /sys/class/leds for the names");
                return;
            }

            Remember();
            await BlinkAsync(cancellation);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            warn(OneLine.Of($"led '{name}' cannot be flashed: {SystemErrors.Text(wrong)}"));
        }
        finally
        {
            RestoreSaved(Path.GetDirectoryName(folder)!, saved, warn);
        }
    }

    /// <summary>Restores what a crash left flashing; nothing to do otherwise.</summary>
    public static void RestoreAfterCrash(HostPaths paths, Action<string> warn) =>
        RestoreSaved(paths.On("/sys/class/leds"), Path.Combine(paths.Runtime, "host-controller.led.json"), warn);

    private void Remember()
    {
        if (File.Exists(saved))
        {
            // Left by a crash: that is what the LED did before, not our flashing.
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(saved)!);
        var state = new LedState(name, Trigger(), Read("brightness"));
        _ = AtomicFile.Write(saved, JsonSerializer.SerializeToUtf8Bytes(state, LedJson.Default.LedState), AtomicFile.OwnerOnly);
    }

    /// <summary>sysfs lists all triggers with the current one in brackets.</summary>
    private string Trigger()
    {
        var all = Read("trigger");
        var open = all.IndexOf('[', StringComparison.Ordinal);
        var close = all.IndexOf(']', StringComparison.Ordinal);
        return open >= 0 && close > open ? all[(open + 1)..close] : all.Contains(' ', StringComparison.Ordinal) ? "none" : all;
    }

    private async Task BlinkAsync(CancellationToken cancellation)
    {
        Write(folder, "trigger", "none");
        var bright = Read("max_brightness") is { Length: > 0 } most ? most : "1";
        var on = false;
        while (!cancellation.IsCancellationRequested)
        {
            on = !on;
            Write(folder, "brightness", on ? bright : "0");
            // Irregular on purpose: no heartbeat and no disk activity looks like that.
            await Task.Delay(Random.Shared.Next(60, on ? 180 : 420), cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static void RestoreSaved(string leds, string saved, Action<string> warn)
    {
        try
        {
            if (AtomicFile.ReadIfThere(saved, LargestFile) is not { IsSuccess: true, Value: { } content })
            {
                return;
            }

            if (JsonSerializer.Deserialize(content, LedJson.Default.LedState) is { } state && Path.Combine(leds, Path.GetFileName(state.Name)) is var led && Directory.Exists(led))
            {
                Write(led, "brightness", state.Brightness);
                Write(led, "trigger", state.Trigger);
            }

            File.Delete(saved);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            warn(OneLine.Of($"the LED cannot be restored from {saved}: {SystemErrors.Text(wrong)}"));
        }
    }

    private string Read(string file) =>
        AtomicFile.ReadIfThere(Path.Combine(folder, file), LargestFile) is { IsSuccess: true, Value: { } content }
            ? System.Text.Encoding.ASCII.GetString(content).Trim()
            : "";

    /// <summary>In place: these are not files but knobs.</summary>
    private static void Write(string folder, string file, string value)
    {
        if (value.Length > 0 && Path.Combine(folder, file) is var path && File.Exists(path))
        {
            File.WriteAllText(path, value);
        }
    }
}

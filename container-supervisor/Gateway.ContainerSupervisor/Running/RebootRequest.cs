using System.Buffers;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>
/// Carries out <c>reboot</c>: writes <c>reboot-request</c> into the run directory; the host controller's daemon takes it by
/// removing it, and reboots the machine.
/// </summary>
internal sealed class RebootRequest(string runDirectory, TimeProvider clock)
{
    /// <summary>How long the host controller has to take it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly string path = Path.Combine(runDirectory, "reboot-request");

    /// <param name="id">The command's id, for the host controller's log.</param>
    /// <param name="cancellation">Takes the request back.</param>
    public async Task<Result<string>> AskAsync(string id, CancellationToken cancellation)
    {
        var written = AtomicFile.Write(path, Text(id), AtomicFile.OwnerOnly);
        if (!written.IsSuccess)
        {
            return written.Failures;
        }

        var begun = clock.GetTimestamp();
        try
        {
            while (File.Exists(path))
            {
                if (clock.GetElapsedTime(begun) > Patience)
                {
                    break;
                }

                await Task.Delay(Look, clock, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            TakeBack();
            throw;
        }

        return TakeBack() ? new Failure(Phase.Apply, "reboot", $"no host controller took the request within {Patience.TotalSeconds:0} s: is its daemon running?") : "the host controller reboots the machine";
    }

    /// <summary>Whether it was still there. Removed by name: whoever removes it first, acts.</summary>
    private bool TakeBack()
    {
        try
        {
            // A rename fails when the file is gone; a delete would not tell.
            File.Move(path, path + ".gone", overwrite: true);
            File.Delete(path + ".gone");
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private byte[] Text(string id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("at", clock.GetUtcNow());
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

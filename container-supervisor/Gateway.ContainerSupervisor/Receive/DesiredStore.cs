using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Reconciliation.Desired;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Keeps the last good document of each source on disk, the exact signed bytes with their signature in one file.</summary>
internal sealed class DesiredStore(string stateDirectory)
{
    private readonly string folder = Path.Combine(stateDirectory, "desired");

    /// <summary>The document in force of a source, or null.</summary>
    /// <param name="source"><c>gateway</c> or <c>group:&lt;name&gt;</c>.</param>
    public Result<Envelope?> Load(string source)
    {
        var path = FileOf(source);
        if (!AtomicFile.ReadIfThere(path, Envelope.LargestMessage).TryGet(out var bytes, out var wrong))
        {
            return wrong;
        }

        return bytes is null ? (Envelope?)null : Envelope.Parse(bytes, path).Then<Envelope?>(static envelope => envelope);
    }

    /// <summary>Keeps a document in place of the one before.</summary>
    public Result<Nothing> Save(string source, Envelope envelope)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Apply, folder, $"could not be made: {SystemErrors.Text(e)}", Retryable: true);
        }

        var written = AtomicFile.WriteIfChanged(FileOf(source), ToBytes(envelope), AtomicFile.OwnerOnly);
        return written.IsSuccess ? default(Nothing) : written.Failures;
    }

    private static byte[] ToBytes(Envelope envelope)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("payload", envelope.Payload.Utf8.Span);
            json.WriteString("signature", Encoding.ASCII.GetString(envelope.Signature.Span));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private string FileOf(string source) => Path.Combine(folder, source.Replace(':', '-') + ".json");
}

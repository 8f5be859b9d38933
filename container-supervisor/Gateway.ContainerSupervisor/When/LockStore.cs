using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.ContainerSupervisor.When;

/// <summary>Keeps the locks on disk.</summary>
internal sealed class LockStore(string stateDirectory)
{
    private const int Schema = 1;
    private const int LargestFile = 1024 * 1024;

    private readonly string path = Path.Combine(stateDirectory, "locks.json");

    /// <summary>Those kept, over or not.</summary>
    public Result<ImmutableArray<HeldLock>> Load()
    {
        if (!AtomicFile.ReadIfThere(path, LargestFile).TryGet(out var bytes, out var wrong))
        {
            return wrong;
        }

        if (bytes is null)
        {
            return ImmutableArray<HeldLock>.Empty;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8 });
            return document.RootElement.GetProperty("schema").GetInt32() == Schema
                ? document.RootElement.GetProperty("locks").EnumerateArray().Select(Read).ToImmutableArray()
                : new Failure(Phase.Observe, path, "is of a schema this version does not know");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new Failure(Phase.Observe, path, $"is not a file of locks: {SystemErrors.Text(e)}");
        }
    }

    public Result<Nothing> Save(IEnumerable<HeldLock> locks)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteStartArray("locks");
            foreach (var held in locks.OrderBy(held => held.Owner, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("owner", held.Owner);
                json.WriteString("reason", held.Reason);
                json.WriteString("taken", held.Taken);
                json.WriteString("until", held.Until);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        var written = AtomicFile.WriteIfChanged(path, buffer.WrittenSpan, AtomicFile.OwnerOnly);
        return written.IsSuccess ? default(Nothing) : written.Failures;
    }

    private static HeldLock Read(JsonElement held) => new(
        held.GetProperty("owner").GetString() ?? throw new FormatException("a lock has no owner"),
        held.GetProperty("reason").GetString(),
        held.GetProperty("taken").GetDateTimeOffset(),
        held.GetProperty("until").GetDateTimeOffset());
}

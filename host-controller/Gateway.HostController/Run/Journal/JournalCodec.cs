using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Playbooks.Expressions;

namespace Gateway.HostController.Run.Journal;

/// <summary>A journal as bytes: a JSON array with one object for each step.</summary>
internal static class JournalCodec
{
    private static readonly JsonWriterOptions Deep = new() { MaxDepth = 1000 };

    public static byte[] Write(ImmutableArray<JournalEntry> entries)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Deep))
        {
            writer.WriteStartArray();
            foreach (var entry in entries)
            {
                Write(writer, entry);
            }

            writer.WriteEndArray();
        }

        return buffer.ToArray();
    }

    /// <summary>The steps; a <see cref="JsonException"/> for what this never wrote.</summary>
    public static ImmutableArray<JournalEntry> Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
            return [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException(wrong.Message, wrong);
        }
    }

    private static void Write(Utf8JsonWriter writer, JournalEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("place", entry.Place);
        if (entry.Holds is { } holds)
        {
            writer.WriteBoolean("holds", holds);
        }

        if (entry.Outcome is { } outcome)
        {
            writer.WritePropertyName("result");
            ValueCodec.Write(writer, outcome.Result);
            if (!ReferenceEquals(outcome.Shown, outcome.Result))
            {
                writer.WritePropertyName("shown");
                ValueCodec.Write(writer, outcome.Shown);
            }

            writer.WriteBoolean("censored", outcome.IsCensored);
            writer.WriteBoolean("ignores", outcome.IgnoresErrors);
            writer.WritePropertyName("notify");
            ValueCodec.Write(writer, ListValue.Of(outcome.Notify.Select(name => (Value)name)));
        }

        writer.WriteEndObject();
    }

    private static JournalEntry Read(JsonElement json)
    {
        var place = json.GetProperty("place").GetString()!;
        if (!json.TryGetProperty("result", out var written))
        {
            return new JournalEntry(place, json.GetProperty("holds").GetBoolean(), null);
        }

        var result = Dict(written);
        return new JournalEntry(place, null, new TaskOutcome(result, json.TryGetProperty("shown", out var shown) ? Dict(shown) : result)
        {
            IsCensored = json.GetProperty("censored").GetBoolean(),
            IgnoresErrors = json.GetProperty("ignores").GetBoolean(),
            Notify = [.. json.GetProperty("notify").EnumerateArray().Select(name => name.GetString()!)],
        });
    }

    private static DictValue Dict(JsonElement json) => ValueCodec.Read(json) as DictValue ?? throw new JsonException("no result");
}

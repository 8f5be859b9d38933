using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Gateway.Playbooks.Expressions;

namespace Gateway.HostController.Run.Journal;

/// <summary>
/// Values as JSON from which they come back exactly: with their types, their order, and the mark of what is never a
/// template. Plain JSON stands for itself; the rest is an object with one member that says what it is.
/// </summary>
internal static class ValueCodec
{
    public static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value)
        {
            case NullValue:
                writer.WriteNullValue();
                break;
            case BoolValue truth:
                writer.WriteBooleanValue(truth.Value);
                break;
            case IntValue number:
                writer.WriteNumberValue(number.Value);
                break;
            case TextValue { Unsafe: false } text:
                writer.WriteStringValue(text.Value);
                break;
            case ListValue { IsTuple: false } list:
                Items(writer, list.Items);
                break;
            default:
                writer.WriteStartObject();
                WriteTagged(writer, value);
                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>The value; a <see cref="JsonException"/> for what this never wrote.</summary>
    public static Value Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => NullValue.None,
        JsonValueKind.True => BoolValue.True,
        JsonValueKind.False => BoolValue.False,
        JsonValueKind.Number => json.GetInt64(),
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Array => ListValue.Of(json.EnumerateArray().Select(Read)),
        JsonValueKind.Object when json.EnumerateObject().FirstOrDefault() is { Value.ValueKind: not JsonValueKind.Undefined } member => ReadTagged(member.Name, member.Value),
        _ => throw new JsonException("no value"),
    };

    private static void WriteTagged(Utf8JsonWriter writer, Value value)
    {
        switch (value)
        {
            case TextValue text:
                writer.WriteString("unsafe", text.Value);
                break;
            case FloatValue number:
                writer.WriteString("float", number.Value.ToString("R", CultureInfo.InvariantCulture));
                break;
            case ListValue tuple:
                writer.WritePropertyName("tuple");
                Items(writer, tuple.Items);
                break;
            case DictValue dict:
                writer.WritePropertyName("dict");
                Items(writer, dict.Entries.SelectMany(entry => new[] { entry.Key, entry.Value }));
                break;
            case TimeValue time:
                writer.WriteString(time.IsDate ? "date" : time.HasOffset ? "instant" : "time", time.Value);
                break;
            case UndefinedValue undefined:
                writer.WriteString(undefined.IsLenient ? "lenient" : "undefined", undefined.Message);
                break;
            case OmitValue:
                writer.WriteBoolean("omit", true);
                break;
            default:
                // Functions and the like are not results; as text they are at least seen.
                writer.WriteString("unsafe", value.ToString());
                break;
        }
    }

    private static Value ReadTagged(string tag, JsonElement json) => tag switch
    {
        "unsafe" => new TextValue(json.GetString()!, Unsafe: true),
        "float" => new FloatValue(double.Parse(json.GetString()!, CultureInfo.InvariantCulture)),
        "tuple" => new ListValue([.. json.EnumerateArray().Select(Read)], IsTuple: true),
        "dict" => Dict([.. json.EnumerateArray().Select(Read)]),
        "date" or "instant" or "time" => new TimeValue(json.GetDateTimeOffset(), tag == "date", tag == "instant"),
        "undefined" or "lenient" => new UndefinedValue(json.GetString()!, tag == "lenient"),
        "omit" => OmitValue.Instance,
        _ => throw new JsonException($"no value: {tag}"),
    };

    private static DictValue Dict(ImmutableArray<Value> items) =>
        DictValue.Of(Enumerable.Range(0, items.Length / 2).Select(i => new KeyValuePair<Value, Value>(items[2 * i], items[(2 * i) + 1])));

    private static void Items(Utf8JsonWriter writer, IEnumerable<Value> items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            Write(writer, item);
        }

        writer.WriteEndArray();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Playbooks.Expressions;

namespace Gateway.HostController.Run.Output;

/// <summary>Prints values as JSON with sorted keys, as Ansible's callbacks do.</summary>
internal static class ValueWriter
{
    private static readonly JsonWriterOptions Pretty = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        IndentSize = 4,
        NewLine = "\n",
        MaxDepth = 1000,
    };

    /// <summary>Indented by four, or on one line with Python's spaces.</summary>
    public static string Text(Value value, bool indent)
    {
        if (!indent)
        {
            var line = new StringBuilder();
            Line(line, value);
            return line.ToString();
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Pretty))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value)
        {
            case DictValue dict:
                writer.WriteStartObject();
                foreach (var entry in Sorted(dict))
                {
                    writer.WritePropertyName(Name(entry.Key));
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case ListValue list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case BoolValue truth:
                writer.WriteBooleanValue(truth.Value);
                break;
            case IntValue number:
                writer.WriteNumberValue(number.Value);
                break;
            case FloatValue number when double.IsFinite(number.Value):
                writer.WriteRawValue(PythonText.Float(number.Value));
                break;
            case NullValue:
                writer.WriteNullValue();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }

    private static void Line(StringBuilder line, Value value)
    {
        switch (value)
        {
            case DictValue dict:
                Join(line, '{', Sorted(dict), '}', (entry) =>
                {
                    Line(line, Name(entry.Key));
                    line.Append(": ");
                    Line(line, entry.Value);
                });
                break;
            case ListValue list:
                Join(line, '[', list.Items, ']', item => Line(line, item));
                break;
            case BoolValue truth:
                line.Append(truth.Value ? "true" : "false");
                break;
            case IntValue number:
                line.Append(number.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case FloatValue number when double.IsFinite(number.Value):
                line.Append(PythonText.Float(number.Value));
                break;
            case NullValue:
                line.Append("null");
                break;
            default:
                line.Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value.ToString())).Append('"');
                break;
        }
    }

    /// <summary>A key as Python's json writes it.</summary>
    private static string Name(Value key) => key switch { NullValue => "null", BoolValue truth => truth.Value ? "true" : "false", _ => key.ToString() };

    private static void Join<T>(StringBuilder line, char open, IEnumerable<T> items, char close, Action<T> write)
    {
        line.Append(open);
        var first = true;
        foreach (var item in items)
        {
            line.Append(first ? "" : ", ");
            first = false;
            write(item);
        }

        line.Append(close);
    }

    private static IEnumerable<KeyValuePair<Value, Value>> Sorted(DictValue dict) => dict.Entries.OrderBy(entry => entry.Key.ToString(), StringComparer.Ordinal);
}

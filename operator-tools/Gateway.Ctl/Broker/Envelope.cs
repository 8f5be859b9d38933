using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Ctl.Broker;

/// <summary>A document and its signature as they travel (docs/formats/mqtt.md).</summary>
internal static class Envelope
{
    /// <summary>JSON of <c>payload</c> and <c>signature</c>. The payload must be UTF-8, which a linted document is.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> payload, string signature)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // It is not for a web page: < and > may stand as they are, which keeps a YAML text readable and small.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("payload", Encoding.UTF8.GetString(payload));
            json.WriteString("signature", signature);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

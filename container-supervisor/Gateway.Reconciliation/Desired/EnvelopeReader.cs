using System.Text;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

internal static class EnvelopeReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    public static Result<Envelope> Read(ReadOnlyMemory<byte> message, string name)
    {
        if (message.Length > Envelope.LargestMessage)
        {
            return Wrong(name, $"the message is {message.Length} bytes; at most {Envelope.LargestMessage} are allowed");
        }

        string? payload = null;
        string? signature = null;
        try
        {
            _ = StrictUtf8.GetCharCount(message.Span);
            var reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = 2 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Wrong(name, "an envelope is a JSON object with 'payload' and 'signature'");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                if (key is not ("payload" or "signature"))
                {
                    return Wrong(name, $"an envelope has no member '{key}'; it has 'payload' and 'signature'");
                }

                if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                {
                    return Wrong(name, $"'{key}' of an envelope must be a string");
                }

                if ((key == "payload" ? payload : signature) is not null)
                {
                    return Wrong(name, $"'{key}' stands a second time in the envelope");
                }

                (payload, signature) = key == "payload" ? (reader.GetString(), signature) : (payload, reader.GetString());
            }

            _ = reader.Read();
        }
        catch (JsonException e)
        {
            return Wrong(name, $"is not a JSON envelope (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
        }
        catch (Exception e) when (e is DecoderFallbackException or InvalidOperationException)
        {
            return Wrong(name, "is not UTF-8");
        }

        return Bounded(payload, signature ?? "", name);
    }

    private static Result<Envelope> Bounded(string? payload, string signature, string name)
    {
        if (payload is null)
        {
            return Wrong(name, "the envelope has no 'payload'");
        }

        var bytes = StrictUtf8.GetBytes(payload);
        if (bytes.Length > SourceText.LargestDocument)
        {
            return Wrong(name, $"the payload is {bytes.Length} bytes; at most {SourceText.LargestDocument} are allowed");
        }

        if (signature.Length > Envelope.LargestSignature || !Ascii.IsValid(signature))
        {
            return Wrong(name, $"the signature must be armored ASCII of at most {Envelope.LargestSignature} bytes");
        }

        return new Envelope(new SourceText(name, bytes), Encoding.ASCII.GetBytes(signature));
    }

    private static Failure Wrong(string name, string message) => Failure.At(Phase.Parse, Position.Of(name), message);
}

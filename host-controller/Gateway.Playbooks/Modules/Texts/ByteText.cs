using System.Text;

namespace Gateway.Playbooks.Modules;

/// <summary>Bytes as a text with one character for each: files in any encoding are edited without harm to what is not touched.</summary>
internal static class ByteText
{
    public static string Of(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    /// <summary>A text of the playbook, as its UTF-8 bytes.</summary>
    public static string Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>What a person sees.</summary>
    public static string Shown(string text) => Encoding.UTF8.GetString(Bytes(text));

    /// <summary>Lines with their line breaks.</summary>
    public static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is var found and >= 0 ? found + 1 : text.Length;
            lines.Add(text[at..end]);
            at = end;
        }

        return lines;
    }
}

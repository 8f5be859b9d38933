using System.Collections.Immutable;
using System.Text;

namespace Gateway.Core.Trust.OpenPgp;

/// <summary>Takes off ASCII armor (RFC 9580, section 6.2): the frame, its headers, base64 and the optional CRC-24.</summary>
internal static class Armor
{
    public const string Signature = "PGP SIGNATURE";
    public const string PublicKey = "PGP PUBLIC KEY BLOCK";

    private const string Dashes = "-----";

    /// <summary>The bytes of the one block of this kind that the text consists of; white space may stand before and after it, nothing else.</summary>
    public static byte[] ReadSingle(ReadOnlySpan<byte> text, string kind)
    {
        var lines = Lines(Encoding.Latin1.GetString(text).Trim());
        if (lines.Length == 0 || lines[0].Length == 0)
        {
            throw new OpenPgpRefusedException("is empty");
        }

        if (FrameKind(lines[0], "BEGIN") is not { } found)
        {
            throw new OpenPgpRefusedException($"does not begin with {Dashes}BEGIN {kind}{Dashes}");
        }

        if (found != kind)
        {
            throw new OpenPgpRefusedException($"is a {found}, not a {kind}");
        }

        var (bytes, next) = ReadBlock(lines, 0, kind);
        return next == lines.Length
            ? bytes
            : throw new OpenPgpRefusedException($"goes on after {Dashes}END {kind}{Dashes}: exactly one block is allowed");
    }

    /// <summary>The bytes of every block of this kind; text between the blocks is a comment. A block of another kind is refused.</summary>
    public static ImmutableArray<byte[]> ReadAll(ReadOnlySpan<byte> text, string kind)
    {
        var lines = Lines(Encoding.Latin1.GetString(text));
        var blocks = ImmutableArray.CreateBuilder<byte[]>();
        for (var i = 0; i < lines.Length;)
        {
            var found = FrameKind(lines[i], "BEGIN");
            if (found is null)
            {
                i++;
                continue;
            }

            if (found != kind)
            {
                throw new OpenPgpRefusedException($"holds a {found}; only a {kind} belongs here");
            }

            (var bytes, i) = ReadBlock(lines, i, kind);
            blocks.Add(bytes);
        }

        return blocks.Count > 0 ? blocks.ToImmutable() : throw new OpenPgpRefusedException($"holds no {kind}");
    }

    /// <summary>CRC-24 as RFC 9580, section 6.1.1, computes it.</summary>
    internal static int Crc24(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xB704CE;
        foreach (var b in bytes)
        {
            crc ^= b << 16;
            for (var bit = 0; bit < 8; bit++)
            {
                crc <<= 1;
                crc ^= (crc & 0x1000000) == 0 ? 0 : 0x1864CFB;
            }
        }

        return crc & 0xFFFFFF;
    }

    private static ImmutableArray<string> Lines(string text) => [.. text.Split('\n').Select(line => line.TrimEnd(' ', '\t', '\r'))];

    private static string? FrameKind(string line, string word)
    {
        var start = $"{Dashes}{word} ";
        var isFrame = line.StartsWith(start, StringComparison.Ordinal) && line.EndsWith(Dashes, StringComparison.Ordinal)
            && line.Length > start.Length + Dashes.Length;
        return isFrame ? line[start.Length..^Dashes.Length] : null;
    }

    private static (byte[] Bytes, int Next) ReadBlock(ImmutableArray<string> lines, int begin, string kind)
    {
        var end = begin + 1;
        while (end < lines.Length && !lines[end].StartsWith(Dashes, StringComparison.Ordinal))
        {
            end++;
        }

        if (end == lines.Length || FrameKind(lines[end], "END") != kind)
        {
            throw new OpenPgpRefusedException($"the block has no {Dashes}END {kind}{Dashes} of its own");
        }

        var body = begin + 1;
        while (body < end && lines[body].Length > 0)
        {
            if (!IsHeader(lines[body]))
            {
                throw new OpenPgpRefusedException("an empty line is missing between the armor's headers and its base64");
            }

            body++;
        }

        return (Decode([.. lines[Math.Min(body + 1, end)..end]]), end + 1);
    }

    private static bool IsHeader(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 ? line[..colon].All(char.IsAsciiLetter) : line.EndsWith(':') && line[..^1].All(char.IsAsciiLetter);
    }

    private static byte[] Decode(ImmutableArray<string> lines)
    {
        var hasSum = lines.Length > 0 && lines[^1] is { Length: 5 } last && last[0] == '=';
        var bytes = Base64(string.Concat(hasSum ? lines[..^1] : lines));
        if (bytes.Length == 0)
        {
            throw new OpenPgpRefusedException("the block is empty");
        }

        if (hasSum)
        {
            var sum = Base64(lines[^1][1..]);
            if (sum.Length != 3 || ((sum[0] << 16) | (sum[1] << 8) | sum[2]) != Crc24(bytes))
            {
                throw new OpenPgpRefusedException("is damaged: its checksum does not fit");
            }
        }

        return bytes;
    }

    private static byte[] Base64(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        return !text.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(text, bytes, out var count)
            ? bytes[..count]
            : throw new OpenPgpRefusedException("is damaged: not base64");
    }
}

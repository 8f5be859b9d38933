using System.Security.Cryptography;

namespace Gateway.HostController.Modules;

/// <summary>Sums of content under Python's names. They identify content; what is to be trusted is signed.</summary>
internal static class ContentSum
{
    /// <summary>The sum in lower-case hexadecimal digits.</summary>
    /// <exception cref="ArgumentException">The algorithm is not known: modules offer choices.</exception>
    public static string Of(Stream content, string algorithm) => Convert.ToHexStringLower(algorithm switch
    {
#pragma warning disable CA5350, CA5351 // what Ansible reports
        "crc32" => Crc32(content),
        "md5" => MD5.HashData(content),
        "sha1" => SHA1.HashData(content),
#pragma warning restore CA5350, CA5351
        "sha256" => SHA256.HashData(content),
        "sha384" => SHA384.HashData(content),
        "sha512" => SHA512.HashData(content),
        _ => throw new ArgumentException($"there is no sum '{algorithm}'", nameof(algorithm)),
    });

    /// <summary>The sum of zip archives (ISO 3309).</summary>
    private static byte[] Crc32(Stream content)
    {
        var sum = 0xFFFFFFFF;
        var buffer = new byte[64 * 1024];
        while (content.Read(buffer) is var count and > 0)
        {
            foreach (var value in buffer.AsSpan(0, count))
            {
                sum ^= value;
                for (var bit = 0; bit < 8; bit++)
                {
                    sum = (sum >> 1) ^ (0xEDB88320 & (uint)-(int)(sum & 1));
                }
            }
        }

        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, ~sum);
        return bytes;
    }
}

using System.Security.Cryptography;

namespace Gateway.Playbooks.Modules;

/// <summary>Sums that Ansible reports of files. They identify content; nothing here is protected by them.</summary>
internal static class Hashes
{
#pragma warning disable CA5350 // what Ansible calls the checksum is SHA-1
    public static string Sha1(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350

#pragma warning disable CA5351 // Ansible reports it
    public static string Md5(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
}

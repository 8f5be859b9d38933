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
        "md5" => MD5.HashData(content),
        "sha1" => SHA1.HashData(content),
#pragma warning restore CA5350, CA5351
        "sha256" => SHA256.HashData(content),
        "sha384" => SHA384.HashData(content),
        "sha512" => SHA512.HashData(content),
        _ => throw new ArgumentException($"there is no sum '{algorithm}'", nameof(algorithm)),
    });
}

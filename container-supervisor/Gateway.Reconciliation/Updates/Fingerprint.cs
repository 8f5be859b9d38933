using System.Security.Cryptography;
using System.Text;

namespace Gateway.Reconciliation.Updates;

/// <summary>Identifies what an application runs, by content: two releases with the same services are one.</summary>
internal static class Fingerprint
{
    public static string Of(IEnumerable<(string Service, string ConfigHash)> services) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', services.OrderBy(pair => pair.Service, StringComparer.Ordinal).Select(pair => $"{pair.Service}={pair.ConfigHash}")))));
}

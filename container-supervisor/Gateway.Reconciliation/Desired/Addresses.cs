using System.Text.RegularExpressions;

namespace Gateway.Reconciliation.Desired;

/// <summary>Addresses by their form; the engine judges the rest.</summary>
internal static partial class Addresses
{
    public static bool IsAddress(string text) => V4().IsMatch(text) || (text.Length is >= 2 and <= 45 && text.Count(c => c == ':') is >= 2 and <= 7 && V6().IsMatch(text));

    public static bool IsSubnet(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IsAddress(text[..slash]) && int.TryParse(text[(slash + 1)..], out var bits) && bits is >= 0 and <= 128;
    }

    [GeneratedRegex(@"^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\.|\z)){4}(?<!\.)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex V4();

    [GeneratedRegex(@"^[0-9a-fA-F:]+(:[0-9.]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex V6();
}

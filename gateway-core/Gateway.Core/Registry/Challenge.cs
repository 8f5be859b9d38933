using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Gateway.Core.Registry;

/// <summary>What a registry asks for in <c>WWW-Authenticate</c> (distribution's token authentication specification).</summary>
/// <param name="Scheme"><c>Bearer</c> or <c>Basic</c>.</param>
/// <param name="Parameters"><c>realm</c>, <c>service</c>, <c>scope</c>.</param>
internal sealed partial record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>The first challenge that can be met, or null.</summary>
    public static Challenge? Of(HttpHeaderValueCollection<AuthenticationHeaderValue> headers)
    {
        var header = headers.FirstOrDefault(static header => Is(header, "Bearer")) ?? headers.FirstOrDefault(static header => Is(header, "Basic"));
        if (header is null)
        {
            return null;
        }

        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(header.Parameter ?? ""))
        {
            parameters[match.Groups[1].Value] = match.Groups[2].Value;
        }

        return new Challenge(header.Scheme, parameters);
    }

    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where to ask for a token; null when the realm is no address. Over TLS, unless the registry itself is not.</summary>
    public Uri? Realm(bool plainHttp) =>
        Uri.TryCreate(Parameters.GetValueOrDefault("realm"), UriKind.Absolute, out var realm) && (realm.Scheme == Uri.UriSchemeHttps || (plainHttp && realm.Scheme == Uri.UriSchemeHttp))
            ? realm
            : null;

    private static bool Is(AuthenticationHeaderValue header, string scheme) => header.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parameter();
}

using Gateway.Core.Releases;
using Gateway.Core.Reports;

namespace Gateway.Ctl.Documents;

/// <summary>What of a release can be judged away from the gateway.</summary>
internal static class ReleaseCheck
{
    /// <summary>A failure when it has expired already.</summary>
    public static Failure? Expired(string name, Release? release, DateTimeOffset now) => release is { } given && given.Expires <= now
        ? new Failure(Phase.Release, name, $"expired at {Text(given.Expires)}; set a later 'expires' (gatewayctl release {name} --expires 90d) and sign again")
        : null;

    /// <summary>"2027-03-01T00:00:00Z (in 99 days)"; "never" for a twin.</summary>
    public static string Expiry(DateTimeOffset expires, DateTimeOffset now)
    {
        if (expires == DateTimeOffset.MaxValue)
        {
            return "never";
        }

        var days = (long)Math.Abs((expires - now).TotalDays);
        var distance = days == 1 ? "1 day" : $"{days} days";
        return $"{Text(expires)} ({(expires > now ? $"in {distance}" : $"{distance} ago")})";
    }

    /// <summary>RFC 3339 in UTC.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

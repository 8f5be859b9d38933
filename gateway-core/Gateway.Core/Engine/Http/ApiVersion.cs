using System.Globalization;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>A version of the Engine API: <c>1.41</c>.</summary>
internal readonly record struct ApiVersion(int Major, int Minor) : IComparable<ApiVersion>
{
    /// <summary>Debian 12's engine, 20.10.</summary>
    public static readonly ApiVersion Lowest = new(1, 41);

    /// <summary>What this client is written against: every engine from 25 to 29 speaks it, and 29 speaks nothing older.</summary>
    public static readonly ApiVersion Preferred = new(1, 44);

    /// <summary>Reads <c>major.minor</c>; null if it is something else.</summary>
    public static ApiVersion? Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                ? new ApiVersion(major, minor)
                : null;
    }

    /// <summary>
    /// The version to speak: the preferred one if the engine can, else the engine's nearest. An engine too new to speak ours is spoken to
    /// in its oldest: the client reads leniently, and a gateway must not lose its containers over an engine's upgrade.
    /// </summary>
    public static Result<ApiVersion> Choose(EngineVersion engine)
    {
        if (Parse(engine.ApiVersion) is not { } newest)
        {
            return Bad($"its API version `{OneLine.Of(engine.ApiVersion)}` is not a version");
        }

        if (newest.CompareTo(Lowest) < 0)
        {
            return Bad($"version {OneLine.Of(engine.Version)} speaks API {newest} at most, {Lowest} is the least that is needed; upgrade docker to 20.10 or later");
        }

        var oldest = Parse(engine.MinApiVersion) ?? Lowest;
        var wanted = oldest.CompareTo(Preferred) > 0 ? oldest : Preferred;
        return wanted.CompareTo(newest) > 0 ? newest : wanted;
    }

    public int CompareTo(ApiVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public static bool operator <(ApiVersion left, ApiVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ApiVersion left, ApiVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ApiVersion left, ApiVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ApiVersion left, ApiVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Major}.{Minor}";

    private static Failure Bad(string message) => new(Phase.Observe, "docker engine", message) { Kind = FailureKind.Refused };
}

using System.Globalization;

namespace Gateway.Core.Engine;

/// <summary>Times as the engine's queries take them: seconds since 1970 with nine decimals.</summary>
internal static class EngineTime
{
    public static string Of(DateTimeOffset time)
    {
        var ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:D9}");
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Ctl.Broker;

/// <summary>A broker's host and port.</summary>
internal sealed record BrokerAddress(string Host, int Port)
{
    /// <summary>The port registered for MQTT over TLS; it is taken when none is given, and it means TLS.</summary>
    public const int TlsPort = 8883;

    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[IPv6]</c> or <c>[IPv6]:port</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out BrokerAddress? address)
    {
        address = null;
        var bracket = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = text.IndexOf(':', Math.Max(bracket, 0));
        if (bracket < 0 && colon != text.LastIndexOf(':'))
        {
            return false;
        }

        var host = bracket > 0 ? text[1..bracket] : colon < 0 ? text : text[..colon];
        var afterHost = bracket > 0 ? text[(bracket + 1)..] : colon < 0 ? "" : text[colon..];
        var port = TlsPort;
        var good = host.Length > 0
            && !host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '/')
            && (afterHost.Length == 0
                || (afterHost[0] == ':' && int.TryParse(afterHost.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535));
        address = good ? new BrokerAddress(host, port) : null;
        return good;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

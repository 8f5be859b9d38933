using System.Collections;
using System.Collections.Immutable;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Modules;

/// <summary>What facts need that is in no file.</summary>
internal static class MachineFacts
{
    /// <summary>As <c>uname -m</c> names it.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x86_64",
        System.Runtime.InteropServices.Architecture.X86 => "i686",
        System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
        System.Runtime.InteropServices.Architecture.Armv6 => "armv6l",
        System.Runtime.InteropServices.Architecture.Arm => "armv7l",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>The short name of the zone; without it <c>UTC</c> or the offset.</summary>
    public static string TimeZone(TimeProvider clock)
    {
        var now = clock.GetLocalNow();
        return now.Offset == TimeSpan.Zero ? "UTC" : clock.LocalTimeZone.IsDaylightSavingTime(now) ? clock.LocalTimeZone.DaylightName : clock.LocalTimeZone.StandardName;
    }

    public static DictValue Environment() => DictValue.Of(System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .OrderBy(pair => (string)pair.Key, StringComparer.Ordinal)
        .Select(pair => new KeyValuePair<string, Value>((string)pair.Key, new TextValue((string?)pair.Value ?? "", Unsafe: true))));

    public static ImmutableArray<InterfaceAddress> Addresses()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(device => device.GetIPProperties().UnicastAddresses.Select(address => Of(device.Name, address)))];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private static InterfaceAddress Of(string device, UnicastIPAddressInformation address)
    {
        var isSix = address.Address.AddressFamily == AddressFamily.InterNetworkV6;
        var text = address.Address.ToString().Split('%')[0];
        var scope = address.Address.IsIPv6LinkLocal ? "link" : address.Address.IsIPv6SiteLocal ? "site" : System.Net.IPAddress.IsLoopback(address.Address) ? "host" : "global";
        return new InterfaceAddress(device, text, address.PrefixLength, isSix, scope);
    }
}

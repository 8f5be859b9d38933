using System.Collections.Immutable;
using Gateway.HostController.Failsafe;

namespace Gateway.HostController.Doctor;

/// <summary>Where apt gets packages from, as apt itself tells it.</summary>
/// <param name="Hosts">Each once; a few are enough to see that the network is there.</param>
/// <param name="Remark">What else there is to say, or null.</param>
internal sealed record PackageSources(ImmutableArray<(string Host, int Port)> Hosts, Finding? Remark)
{
    /// <summary>What the findings are called.</summary>
    public const string Check = "package source";

    private const int Most = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Asks apt for its repositories (apt-get(8), indextargets) and its settings (apt-config(8)).</summary>
    public static async Task<PackageSources> ListAsync(CancellationToken cancellation)
    {
        // Without the releases' own words: apt has those only of what it could reach before.
        var listed = await Tool.RunAsync("apt-get", ["indextargets", "--no-release-info", "--format", "$(REPO_URI)", "Identifier: Packages"], Longest, cancellation);
        if (!listed.TryGet(out var addresses, out var failures))
        {
            return new PackageSources([], new Finding(Check, Verdict.Warning, failures[0].ToString()));
        }

        return await Tool.RunAsync("apt-config", ["dump"], Longest, cancellation) is { IsSuccess: true } settings && HasProxy(settings.Value)
            ? new PackageSources([], new Finding(Check, Verdict.Ok, "apt goes through a proxy of its own: not looked at; apt-get update tells"))
            : new PackageSources(HostsOf(addresses), null);
    }

    /// <summary>The hosts of repositories on the web; those on disks are not looked at.</summary>
    internal static ImmutableArray<(string Host, int Port)> HostsOf(string addresses) =>
    [
        .. addresses.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => Uri.TryCreate(line, UriKind.Absolute, out var address) ? address : null)
            .Where(address => address is { Scheme: "http" or "https" })
            .Select(address => (address!.IdnHost, address.Port))
            .Distinct()
            .Take(Most),
    ];

    /// <summary>Whether apt's settings name a proxy (apt-transport-http(1)): then hosts need not be in reach from here.</summary>
    internal static bool HasProxy(string settings) => settings.Split('\n').Any(line =>
        line.StartsWith("Acquire::http", StringComparison.OrdinalIgnoreCase)
        && line.Contains("::Proxy", StringComparison.OrdinalIgnoreCase)
        && !line.EndsWith(" \"\";", StringComparison.Ordinal)
        && !line.EndsWith(" \"DIRECT\";", StringComparison.OrdinalIgnoreCase));
}

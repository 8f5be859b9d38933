using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.HostController.Configuration;
using Gateway.HostController.Failsafe;
using Serilog;

namespace Gateway.HostController.Fetch;

/// <summary>
/// Renews signing keys that have expired or soon will, and asks once a day whether one was revoked: first from the key
/// server, only ever the same key by its primary fingerprint; then by upgrading the package that brings the keys, which apt verifies.
/// </summary>
internal sealed class KeyRenewal(HostPaths paths, HostConfiguration configuration, Downloader downloader, TimeProvider clock, ILogger log)
{
    private const int LargestKey = 1024 * 1024;

    /// <summary>Ahead of the expiry, so that nobody has to wait for it.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    /// <summary>A key that its owner has not prolonged is asked for no more often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(6);

    /// <summary>And one that is good, in case it was revoked.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestApt = TimeSpan.FromMinutes(10);

    private string TrustedDirectory => paths.On(configuration.TrustedDirectory);

    /// <summary>Asks for keys that expire soon every six hours, for all once a day; tells the log, nobody has to wait for it.</summary>
    public async Task LookAheadAsync(CancellationToken cancellation)
    {
        var soon = Keys().Where(key => key.Expires is { } expires && expires < clock.GetUtcNow() + Ahead).ToImmutableArray();
        if (IsDue("keys-asked-daily", LongPause))
        {
            await AskAsync([.. Keys()], cancellation);
        }
        else if (!soon.IsEmpty && IsDue("keys-asked", Pause))
        {
            await AskAsync(soon, cancellation);
        }
    }

    /// <summary>After a playbook was refused because of its key: whether anything about the keys is new, so that it is worth another try.</summary>
    public async Task<bool> RenewAsync(SignatureProblem problem, CancellationToken cancellation)
    {
        var expired = Keys().Where(key => key.Expires is { } expires && expires <= clock.GetUtcNow()).ToImmutableArray();
        var isNew = problem switch
        {
            SignatureProblem.KeyExpired when !expired.IsEmpty => await AskAsync(expired, cancellation),
            // It may be by a new subkey of a key that is known, or by one that has expired; anybody can sign with an unknown one.
            SignatureProblem.KeyExpired or SignatureProblem.UnknownKey when IsDue("keys-asked-unknown", Pause) => await AskAsync([.. Keys()], cancellation),
            _ => false,
        };
        return isNew || await UpgradePackageAsync(cancellation);
    }

    /// <summary>Where a server keeps a key: HKP for a server alone, a URL of one's own otherwise.</summary>
    internal static Uri AddressOf(Uri server, string fingerprint)
    {
        var scheme = server.Scheme is "hkp" or "http" ? "http" : "https";
        var port = server.IsDefaultPort || server.Port <= 0 ? (server.Scheme == "hkp" ? ":11371" : "") : $":{server.Port}";
        var path = Uri.UnescapeDataString(server.PathAndQuery);
        return new Uri(path.Length <= 1
            ? $"{scheme}://{server.Host}{port}/pks/lookup?op=get&options=mr&search=0x{fingerprint}"
            : $"{scheme}://{server.Host}{port}{path.Replace("{fingerprint}", fingerprint, StringComparison.Ordinal)}");
    }

    private IEnumerable<TrustedKey> Keys() => TrustedKeyring.Read(TrustedDirectory).Keys.Where(key => !key.Revoked);

    /// <summary>Whether it was not done for so long; then it counts as done now.</summary>
    private bool IsDue(string what, TimeSpan pause)
    {
        var stamp = Path.Combine(paths.On(configuration.StateDirectory), what);
        var since = clock.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(stamp);
        // A clock that was set back must not stop us from asking for years.
        if (configuration.KeyServer is null || (since >= TimeSpan.Zero && since < pause))
        {
            return false;
        }

        _ = AtomicFile.Write(stamp, [], AtomicFile.OwnerOnly);
        return true;
    }

    private async Task<bool> AskAsync(ImmutableArray<TrustedKey> keys, CancellationToken cancellation)
    {
        var isNew = false;
        foreach (var key in keys)
        {
            isNew |= configuration.KeyServer is { } server && await AskAsync(server, key, cancellation);
        }

        return isNew;
    }

    private async Task<bool> AskAsync(Uri server, TrustedKey key, CancellationToken cancellation)
    {
        var address = AddressOf(server, key.Fingerprint);
        log.Information("key {Fingerprint} ({Expiry}): asking {Server} for a renewal", key.Fingerprint, key.Expires is { } at ? $"expires {at:u}" : "does not expire", address);
        var got = await downloader.GetAsync(new DownloadRequest(address, LargestKey, Validators.None, DownloadKind.Document), cancellation);
        var kept = got.Then(download => RenewedKey.Extract(download.Content!.Value.Span, key.Fingerprint, address.Scheme == "https", address.AbsoluteUri)).Then(content => Keep(key, content));
        if (!kept.TryGet(out var isNew, out var failures))
        {
            log.Warning("key {Fingerprint} was not renewed: {Failure}", key.Fingerprint, failures[0].ToString());
            return false;
        }

        log.Information("key {Fingerprint}: {Outcome}", key.Fingerprint, isNew ? "renewed" : "the server has nothing newer");
        return isNew;
    }

    private Result<bool> Keep(TrustedKey key, byte[] content) =>
        AtomicFile.WriteIfChanged(Path.Combine(TrustedDirectory, $"renewed-{key.Fingerprint}.gpg"), content, AtomicFile.WorldReadable);

    private async Task<bool> UpgradePackageAsync(CancellationToken cancellation)
    {
        if (configuration.KeyPackage is not { } package || !paths.IsMachine)
        {
            return false;
        }

        log.Information("upgrading {Package}, which brings the signing keys", package);
        var before = Fingerprint();
        _ = await Tool.RunAsync("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", "update"], LongestApt, cancellation);
        var upgraded = await Tool.RunAsync(
            "apt-get",
            ["-q", "-y", "--no-remove", "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold", "-o", "DPkg::Lock::Timeout=300", "install", "--only-upgrade", package],
            LongestApt,
            cancellation);
        if (!upgraded.IsSuccess)
        {
            log.Warning("{Package} could not be upgraded: {Failure}", package, upgraded.Failure.ToString());
        }

        return Fingerprint() != before;
    }

    /// <summary>Changes when anything about the trusted keys does.</summary>
    private string Fingerprint() => string.Join(' ', TrustedKeyring.Read(TrustedDirectory).Keys.Select(key => $"{key.Fingerprint}{key.Expires}{key.Revoked}"));
}

using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Gateway.Core.Trust.OpenPgp;

namespace Gateway.Core.Trust;

/// <summary>
/// Decides what an outcome of gpgv is worth. Exit status 0 is not trust, and neither is VALIDSIG: both come with expired
/// and revoked keys, SHA-1 and duplicated signatures. Pure.
/// </summary>
/// <param name="document">What messages call the document.</param>
/// <param name="trustedPath">Where trusted keys are, for messages.</param>
/// <param name="claims">The one signature packet that gpgv was given.</param>
/// <param name="keys">Every key in the keyring that gpgv was given.</param>
internal sealed class GpgvVerdict(string document, string trustedPath, SignaturePacket claims, ImmutableArray<TrustedKey> keys)
{
    /// <summary>SHA-256, SHA-384, SHA-512 (RFC 9580, section 9.5).</summary>
    private static readonly ImmutableArray<string> StrongHashes = ["8", "9", "10"];

    /// <summary>gpgv saw something other than one sound detached signature.</summary>
    private static readonly ImmutableArray<string> Nonsense = ["NODATA", "ERROR", "FAILURE", "UNEXPECTED", "BADARMOR", "PLAINTEXT"];

    private const string BinaryDocument = "00";
    private const string NoSuchKey = "9";

    /// <summary>Whether a good signature by a key that has expired since is good.</summary>
    public bool AllowsExpiredKeys { get; init; }

    /// <summary>The signature, or one <see cref="VerificationFailure"/>.</summary>
    public Result<GoodSignature> Judge(ProcessOutcome outcome)
    {
        if (outcome.ExitCode is ProcessOutcome.NotFound or ProcessOutcome.NotStarted)
        {
            return Refuse(SignatureProblem.VerifierFailed, $"cannot be verified: {outcome.StandardError}; install it with: apt install gpgv");
        }

        if (outcome.TimedOut || outcome.Truncated || GpgvStatus.ReadAll(outcome.StandardOutput) is not { } status)
        {
            return Refuse(SignatureProblem.VerifierFailed, $"cannot be verified: gpgv {(outcome.TimedOut ? "did not end in time" : "said something that is not understood")}{Remarks(outcome)}");
        }

        if (Of(status, "NEWSIG").Length > 1)
        {
            return Refuse(SignatureProblem.Several, "carries more than one signature; exactly one is allowed, by one signer");
        }

        return Refusal(status, outcome) is { } refusal ? refusal : Accept(status, outcome);
    }

    /// <summary>What a line that must not be there means, the gravest first; null when there is none.</summary>
    private VerificationFailure? Refusal(ImmutableArray<GpgvStatus> status, ProcessOutcome outcome)
    {
        GpgvStatus? Line(string keyword) => status.FirstOrDefault(line => line.Keyword == keyword);
        if (Line("REVKEYSIG") is { } revoked)
        {
            return Revoked(Signer(status, revoked));
        }

        if (Line("BADSIG") is { } bad)
        {
            return Refuse(SignatureProblem.Bad, $"does not fit its signature by {Name(bad[1])}: it was changed, or the signature is another document's; sign it again or get both anew", bad[1]);
        }

        if (!AllowsExpiredKeys && Line("EXPKEYSIG") is { } expiredKey)
        {
            return Expired(Signer(status, expiredKey), status);
        }

        if (Line("EXPSIG") is { } expired)
        {
            return Refuse(SignatureProblem.SignatureExpired, $"carries a signature by {Name(Signer(status, expired))} that expired{Since(Line("VALIDSIG")?[4] ?? "")}; sign it again", Signer(status, expired));
        }

        if (Line("ERRSIG") is { } unverifiable)
        {
            return Unverifiable(unverifiable, outcome);
        }

        if (Line("NO_PUBKEY") is { } unknown)
        {
            return Unknown(unknown[1]);
        }

        return status.FirstOrDefault(line => Nonsense.Contains(line.Keyword)) is { } broken
            ? Refuse(SignatureProblem.Malformed, $"carries a signature that gpgv cannot use ({broken.Keyword}){Remarks(outcome)}; sign it again")
            : null;
    }

    private Result<GoodSignature> Accept(ImmutableArray<GpgvStatus> status, ProcessOutcome outcome)
    {
        // NOTATION and other harmless lines may stand between these three; their number and order are what counts.
        var decisive = status
            .Select(line => AllowsExpiredKeys && line.Keyword == "EXPKEYSIG" ? "GOODSIG" : line.Keyword)
            .Where(keyword => keyword is "NEWSIG" or "GOODSIG" or "VALIDSIG");
        if (outcome.ExitCode != 0 || !decisive.SequenceEqual(["NEWSIG", "GOODSIG", "VALIDSIG"], StringComparer.Ordinal))
        {
            return Refuse(SignatureProblem.VerifierFailed, $"cannot be verified: gpgv (exit status {outcome.ExitCode}) did not report one good signature{Remarks(outcome)}");
        }

        var valid = Of(status, "VALIDSIG")[0];
        var (signing, hash, kind, primary) = (valid[1], valid[8], valid[9], valid[10]);
        if (!StrongHashes.Contains(hash))
        {
            return Refuse(SignatureProblem.Weak, $"is signed by {Name(primary)} with {HashName(hash)}, which can be forged; sign it again with SHA-256 or better (gpg --digest-algo SHA512)", primary);
        }

        if (kind != BinaryDocument)
        {
            return Refuse(SignatureProblem.Weak, $"carries a signature of class {kind}, not of a binary document; sign it with gpg --detach-sign, without --textmode", primary);
        }

        if (!keys.Any(key => key.Fingerprint == primary))
        {
            return Unknown(primary);
        }

        if (keys.Any(key => key.Fingerprint == primary && key.Revoked))
        {
            return Revoked(primary);
        }

        return long.TryParse(valid[3], NumberStyles.None, CultureInfo.InvariantCulture, out var made) && made == claims.Created
            ? new GoodSignature(primary, signing, DateTimeOffset.FromUnixTimeSeconds(made))
            : Refuse(SignatureProblem.VerifierFailed, "cannot be verified: gpgv reports another signature time than the signature carries", primary);
    }

    private VerificationFailure Revoked(string key) =>
        Refuse(SignatureProblem.KeyRevoked, $"is signed by {Name(key)}, which has been revoked; sign it with another trusted key", key);

    private VerificationFailure Expired(string key, ImmutableArray<GpgvStatus> status)
    {
        var since = Of(status, "KEYEXPIRED") is [.., var line] ? line[1] : "";
        return Refuse(SignatureProblem.KeyExpired,
            $"is signed by {Name(key)}, which expired{Since(since)}; put a renewed copy of that key into {trustedPath}, or set this machine's clock if it is wrong", key);
    }

    private VerificationFailure Unverifiable(GpgvStatus line, ProcessOutcome outcome)
    {
        if (line[6] == NoSuchKey)
        {
            return Unknown(line[7].Length >= 40 ? line[7] : line[1]);
        }

        return StrongHashes.Contains(line[3])
            ? Refuse(SignatureProblem.Malformed, $"carries a signature by {Name(line[1])} that gpgv cannot check{Remarks(outcome)}; sign it again", line[1])
            : Refuse(SignatureProblem.Weak, $"is signed by {Name(line[1])} with {HashName(line[3])}, which is not accepted; sign it again with SHA-256 or better", line[1]);
    }

    private VerificationFailure Unknown(string key)
    {
        // The status may name a short id where the signature names the whole fingerprint.
        var whole = claims.Issuer.EndsWith(key, StringComparison.Ordinal) ? claims.Issuer : key;
        return Refuse(SignatureProblem.UnknownKey,
            $"is signed by key {whole}, which is not trusted here; if it should be, put its public key into {trustedPath}", whole);
    }

    private string Name(string key)
    {
        var known = keys.FirstOrDefault(known => key.Length > 0 && known.Fingerprint.EndsWith(key, StringComparison.Ordinal));
        return known is null || known.User.Length == 0 ? $"key {known?.Fingerprint ?? key}" : $"key {known.Fingerprint} ({known.User})";
    }

    private VerificationFailure Refuse(SignatureProblem problem, string message, string? key = null) =>
        new(document, problem, OneLine.Of(message), key);

    private static ImmutableArray<GpgvStatus> Of(ImmutableArray<GpgvStatus> status, string keyword) => [.. status.Where(line => line.Keyword == keyword)];

    /// <summary>The primary fingerprint when VALIDSIG tells it, else the key id that the line carries.</summary>
    private static string Signer(ImmutableArray<GpgvStatus> status, GpgvStatus line) =>
        Of(status, "VALIDSIG") is [{ Fields.Length: >= 10 } valid, ..] ? valid[10] : line[1];

    private static string Since(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time is > 0 and <= uint.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $" at {DateTimeOffset.FromUnixTimeSeconds(time).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}")
            : "";

    private static string HashName(string hash) => hash switch
    {
        "1" => "MD5",
        "2" => "SHA-1",
        "3" => "RIPEMD-160",
        "11" => "SHA-224",
        _ => $"hash algorithm {hash}",
    };

    private static string Remarks(ProcessOutcome outcome) => outcome.StandardError.Length == 0 ? "" : $": {outcome.StandardError}";
}

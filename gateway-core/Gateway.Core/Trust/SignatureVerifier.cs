using System.Security.Cryptography;
using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust.OpenPgp;
using Gateway.Core.Yaml;

namespace Gateway.Core.Trust;

/// <summary>
/// Turns signed bytes into <see cref="Verified{T}"/> through Debian's gpgv. Keys are read afresh each time, so a renewal
/// or a revocation counts at once. Whether a key has expired is judged by the system clock, which is gpgv's.
/// </summary>
/// <param name="trustedDirectory">The folder whose <c>*.gpg</c> and <c>*.asc</c> are trusted; or one such file.</param>
/// <param name="gpgv">The program, looked up where Debian keeps programs unless a path is given.</param>
public sealed class SignatureVerifier(string trustedDirectory, string gpgv = "gpgv")
{
    /// <summary>A detached signature is at most 16 KiB.</summary>
    public const int LargestSignature = 16 * 1024;

    private bool AllowsExpiredKeys { get; init; }

    /// <summary>
    /// Takes a text without a signature because a person with root at the machine said so (<c>--unsigned</c>), or
    /// because an operator checks a draft of their own.
    /// </summary>
    public static Verified<SourceText> Waive(SourceText text) => new(text, Sha256(text), null);

    /// <summary>
    /// One for what was accepted while its key was good, and lies where nobody else can write: that key may have expired
    /// since. Revoked keys stay refused.
    /// </summary>
    public SignatureVerifier OfAccepted() => new(trustedDirectory, gpgv) { AllowsExpiredKeys = true };

    /// <summary>The keys trusted now, with a warning for each file that could not be used.</summary>
    public TrustedKeyring ReadTrustedKeys() => TrustedKeyring.Read(trustedDirectory);

    /// <summary>
    /// The text as verified, or a failure of the phase Verify (always a <see cref="VerificationFailure"/>), or of the
    /// phase Parse when it is larger than any document may be. An empty signature means there is none.
    /// </summary>
    public async Task<Result<Verified<SourceText>>> VerifyAsync(SourceText text, ReadOnlyMemory<byte> armoredSignature, CancellationToken cancellation)
    {
        if (text.Utf8.Length > SourceText.LargestDocument)
        {
            return Failure.At(Phase.Parse, text.Whole, $"is {text.Utf8.Length} bytes; at most {SourceText.LargestDocument} are allowed");
        }

        var judged = await JudgeAsync(text.Name, armoredSignature, folder => folder.Write("data", text.Utf8.Span), cancellation);
        return judged.Then<Verified<SourceText>>(good => new Verified<SourceText>(text, Sha256(text), good));
    }

    /// <summary>
    /// The whole archive as verified; not a byte of it has been unpacked. The file must be one that nobody else can
    /// write.
    /// </summary>
    public async Task<Result<Verified<BundleArchive>>> VerifyAsync(BundleArchive archive, ReadOnlyMemory<byte> armoredSignature, CancellationToken cancellation)
    {
        var judged = await JudgeAsync(archive.Name, armoredSignature, _ => Path.GetFullPath(archive.Path), cancellation);
        return judged.Then<Verified<BundleArchive>>(good => Digest(archive, good));
    }

    /// <summary>Takes a bundle without a signature, as <see cref="Waive(SourceText)"/> takes a text.</summary>
    public static Result<Verified<BundleArchive>> Waive(BundleArchive archive) => Digest(archive, null);

    private static Result<Verified<BundleArchive>> Digest(BundleArchive archive, GoodSignature? signature)
    {
        try
        {
            using var file = File.OpenRead(archive.Path);
            return new Verified<BundleArchive>(archive, Convert.ToHexStringLower(SHA256.HashData(file)), signature);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Configuration, archive.Name, OneLine.Of($"cannot be read: {SystemErrors.Text(wrong)}"));
        }
    }

    private async Task<Result<GoodSignature>> JudgeAsync(
        string document, ReadOnlyMemory<byte> armoredSignature, Func<PrivateFolder, string> placeData, CancellationToken cancellation)
    {
        if (!ReadSignature(document, armoredSignature.Span).TryGet(out var signature, out var failures))
        {
            return failures;
        }

        var keyring = ReadTrustedKeys();
        if (keyring.Keys.IsEmpty)
        {
            return new VerificationFailure(document, SignatureProblem.NoTrustedKeys, OneLine.Of(
                $"cannot be verified: {trustedDirectory} holds no usable key{string.Concat(keyring.Warnings.Select(warning => $"; {warning}"))}; put the operator's public key there"));
        }

        try
        {
            using var folder = PrivateFolder.Create();
            return await AskAsync(document, signature, keyring, folder, placeData(folder), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new VerificationFailure(document, SignatureProblem.VerifierFailed, OneLine.Of($"cannot be verified: {SystemErrors.Text(e)}"));
        }
    }

    /// <summary>Of several copies of a key the later expiry wins, so "expired" is asked again of each copy by itself.</summary>
    private async Task<Result<GoodSignature>> AskAsync(
        string document, DetachedSignature signature, TrustedKeyring keyring, PrivateFolder folder, string data, CancellationToken cancellation)
    {
        var verdict = new GpgvVerdict(document, trustedDirectory, signature.Claims, keyring.Keys) { AllowsExpiredKeys = AllowsExpiredKeys };
        var signatureFile = folder.Write("signature.gpg", signature.Packet.Span);
        Result<GoodSignature>? first = null;
        foreach (var (index, keys) in keyring.Keyrings.Index())
        {
            var keyringFile = folder.Write($"keyring-{index}.gpg", keys);
            var judged = verdict.Judge(await Gpgv.RunAsync(gpgv, folder, keyringFile, signatureFile, data, cancellation));
            first ??= judged;
            if (judged.IsSuccess || first.Value.Failure is not VerificationFailure { Problem: SignatureProblem.KeyExpired })
            {
                return judged;
            }
        }

        return first!.Value;
    }

    private static Result<DetachedSignature> ReadSignature(string document, ReadOnlySpan<byte> armored)
    {
        if (armored.IsEmpty)
        {
            return new VerificationFailure(document, SignatureProblem.Absent, "is not signed; sign it with: gatewayctl sign");
        }

        if (armored.Length > LargestSignature)
        {
            return new VerificationFailure(document, SignatureProblem.Malformed, $"its signature is {armored.Length} bytes; at most {LargestSignature} are allowed");
        }

        var count = 0;
        try
        {
            return DetachedSignature.Read(armored, out count);
        }
        catch (OpenPgpRefusedException e)
        {
            var problem = count > 1 ? SignatureProblem.Several : SignatureProblem.Malformed;
            return new VerificationFailure(document, problem, OneLine.Of($"its signature {e.Message}; make a detached, armored one with: gatewayctl sign"));
        }
    }

    private static string Sha256(SourceText text) => Convert.ToHexStringLower(SHA256.HashData(text.Utf8.Span));
}

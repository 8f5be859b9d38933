using Gateway.Core.Processes;
using Gateway.Core.Trust;
using Gateway.Core.Trust.OpenPgp;

namespace Gateway.UnitTests.Core.Trust;

/// <summary>What gpgv may say and what it is worth: recorded lines of gpgv 2.2.40, and lines it should never print.</summary>
public class GpgvVerdictTests
{
    private const string Key = "985E899E6E73C851E4B79EFFD6F01523DEA92EE4";
    private const string Id = "D6F01523DEA92EE4";
    private const string New = "[GNUPG:] NEWSIG\n";
    private const string Good = $"[GNUPG:] GOODSIG {Id} Op <op@x>\n";
    private const string Valid = $"[GNUPG:] VALIDSIG {Key} 2025-06-02 1748822400 0 4 0 22 8 00 {Key}\n";

    private static readonly TrustedKey Trusted = new(Key, "Op <op@x>", DateTimeOffset.UnixEpoch, null, Revoked: false);

    private static Gateway.Core.Reports.Result<GoodSignature> Judge(string status, int exit = 0, bool truncated = false, bool timedOut = false, TrustedKey? key = null) =>
        new GpgvVerdict("site.yml", "/etc/gateway/trusted.d", new SignaturePacket(0, 1748822400, 0, Key, Id), [key ?? Trusted])
            .Judge(new ProcessOutcome(exit, timedOut, truncated, status, "gpgv: remark"));

    [Theory]
    [InlineData("")]
    [InlineData("[GNUPG:] KEY_CONSIDERED 985E899E6E73C851E4B79EFFD6F01523DEA92EE4 0\n")]
    [InlineData("[GNUPG:] NOTATION_NAME a@b\n")]
    public void One_good_signature_is_accepted(string between)
    {
        var signature = Judge(New + between + Good + between + Valid).Value;

        Assert.Equal(new GoodSignature(Key, Key, DateTimeOffset.FromUnixTimeSeconds(1748822400)), signature);
    }

    [Theory]
    [InlineData("", 0, SignatureProblem.VerifierFailed)]
    [InlineData(New, 0, SignatureProblem.VerifierFailed)]
    [InlineData(New + Good, 0, SignatureProblem.VerifierFailed)]
    [InlineData(New + Valid, 0, SignatureProblem.VerifierFailed)]
    [InlineData(Good + Valid, 0, SignatureProblem.VerifierFailed)]
    [InlineData(New + Valid + Good, 0, SignatureProblem.VerifierFailed)]
    [InlineData(New + Good + Good + Valid, 0, SignatureProblem.VerifierFailed)]
    [InlineData(New + Good + Valid + Valid, 0, SignatureProblem.VerifierFailed)]
    [InlineData(New + Good + Valid, 1, SignatureProblem.VerifierFailed)]
    [InlineData(New + Good + Valid, 2, SignatureProblem.VerifierFailed)]
    [InlineData(New + Good + Valid + New + Good + Valid, 0, SignatureProblem.Several)]
    [InlineData(New + Good + Valid + "[GNUPG:] BADSIG D6F01523DEA92EE4 Op\n", 0, SignatureProblem.Bad)]
    [InlineData(New + "[GNUPG:] EXPKEYSIG D6F01523DEA92EE4 Op\n" + Valid, 0, SignatureProblem.KeyExpired)]
    [InlineData(New + "[GNUPG:] EXPSIG D6F01523DEA92EE4 Op\n" + Valid, 0, SignatureProblem.SignatureExpired)]
    [InlineData(New + "[GNUPG:] REVKEYSIG D6F01523DEA92EE4 Op\n" + Valid, 0, SignatureProblem.KeyRevoked)]
    [InlineData(New + Good + Valid + "[GNUPG:] ERRSIG D6F01523DEA92EE4 22 8 00 1748822400 9 -\n", 0, SignatureProblem.UnknownKey)]
    [InlineData(New + "[GNUPG:] ERRSIG D6F01523DEA92EE4 22 8 00 1748822400 6 -\n", 2, SignatureProblem.Malformed)]
    [InlineData(New + "[GNUPG:] ERRSIG D6F01523DEA92EE4 22 1 00 1748822400 5 -\n", 2, SignatureProblem.Weak)]
    [InlineData(New + Good + Valid + "[GNUPG:] NODATA 4\n", 0, SignatureProblem.Malformed)]
    [InlineData(New + Good + Valid + "[GNUPG:] ERROR verify 1\n", 0, SignatureProblem.Malformed)]
    [InlineData(New + Good + Valid + "[GNUPG:] FAILURE gpgv 1\n", 0, SignatureProblem.Malformed)]
    [InlineData(New + Good + Valid + "gpgv: Good signature\n", 0, SignatureProblem.VerifierFailed)]
    [InlineData(New + Good + "[GNUPG:] VALIDSIG 985E", 0, SignatureProblem.VerifierFailed)]
    public void Anything_else_is_refused(string status, int exit, SignatureProblem problem)
    {
        var failure = Assert.IsType<VerificationFailure>(Judge(status, exit).Failure);

        Assert.True(problem == failure.Problem, $"{failure.Problem}: {failure}");
    }

    [Theory]
    [InlineData("22 2 00 " + Key, SignatureProblem.Weak)]
    [InlineData("22 1 00 " + Key, SignatureProblem.Weak)]
    [InlineData("22 11 00 " + Key, SignatureProblem.Weak)]
    [InlineData("22 8 01 " + Key, SignatureProblem.Weak)]
    [InlineData("22 8 00", SignatureProblem.UnknownKey)]
    [InlineData("22 8 00 D6F01523DEA92EE4", SignatureProblem.UnknownKey)]
    [InlineData("22 8 00 0000899E6E73C851E4B79EFFD6F01523DEA92EE4", SignatureProblem.UnknownKey)]
    public void Hash_class_and_the_whole_primary_fingerprint_count(string end, SignatureProblem problem)
    {
        var status = $"{New}{Good}[GNUPG:] VALIDSIG {Key} 2025-06-02 1748822400 0 4 0 {end}\n";

        Assert.Equal(problem, Assert.IsType<VerificationFailure>(Judge(status).Failure).Problem);
    }

    [Fact]
    public void Another_time_than_the_signature_carries_is_refused() =>
        Assert.False(Judge(New + Good + Valid.Replace("1748822400", "1748822401", StringComparison.Ordinal)).IsSuccess);

    [Fact]
    public void A_key_with_a_revocation_that_gpgv_does_not_count_is_refused_all_the_same() =>
        Assert.Equal(SignatureProblem.KeyRevoked, Assert.IsType<VerificationFailure>(Judge(New + Good + Valid, key: Trusted with { Revoked = true }).Failure).Problem);

    [Fact]
    public void A_gpgv_that_hangs_or_says_too_much_is_not_believed()
    {
        Assert.False(Judge(New + Good + Valid, timedOut: true).IsSuccess);
        Assert.False(Judge(New + Good + Valid, truncated: true).IsSuccess);
    }

    [Fact]
    public void A_user_id_cannot_fake_a_status_line() =>
        Assert.Equal(SignatureProblem.Bad, Assert.IsType<VerificationFailure>(
            Judge($"{New}[GNUPG:] BADSIG {Id} x [GNUPG:] GOODSIG {Id} VALIDSIG\n", 1).Failure).Problem);
}

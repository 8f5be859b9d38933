using System.Globalization;
using System.Text;
using Gateway.Core.Trust;

namespace Gateway.IntegrationTests.Trust;

/// <summary>One row of the rules about signatures each, with signatures made by gpg.</summary>
public sealed class SignatureTests : IAsyncLifetime
{
    private readonly TrustBench bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa3072")]
    [InlineData("nistp256")]
    public async Task A_signature_by_a_trusted_key_is_accepted(string algorithm)
    {
        var key = await bench.MakeTrustedKeyAsync(algorithm: algorithm);
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);

        var result = await bench.VerifyAsync(await bench.Gpg.SignAsync(bench.Document, key));

        Assert.True(result.IsSuccess, string.Join(" | ", result.Failures));
        Assert.Equal(key, result.Value.Signature!.Signer);
        Assert.Equal(key, result.Value.Signature.SigningKey);
        Assert.InRange(result.Value.Signature.SignedAt, before, DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(bench.Document, result.Value.Value.Utf8.ToArray());
    }

    [Fact]
    public async Task A_signature_by_a_signing_subkey_counts_as_its_primary_keys()
    {
        var key = await bench.Gpg.MakeKeyAsync("Operator <op@example.com>", usage: "cert");
        await bench.Gpg.RunAsync(["--quick-add-key", key, "ed25519", "sign", "never"]);
        bench.Trust("op.gpg", await bench.Gpg.ExportAsync(key));

        var result = await bench.VerifyAsync(await bench.Gpg.SignAsync(bench.Document, key));

        Assert.True(result.IsSuccess, string.Join(" | ", result.Failures));
        Assert.Equal(key, result.Value.Signature!.Signer);
        Assert.NotEqual(key, result.Value.Signature.SigningKey);
    }

    [Fact]
    public async Task Each_strong_hash_is_accepted()
    {
        var key = await bench.MakeTrustedKeyAsync(algorithm: "rsa3072");
        foreach (var hash in new[] { "SHA256", "SHA384", "SHA512" })
        {
            await bench.AssertAcceptedAsync(await bench.Gpg.SignAsync(bench.Document, key, options: ["--digest-algo", hash]), key);
        }
    }

    [Fact]
    public async Task Sha1_is_refused_and_named()
    {
        var key = await bench.MakeTrustedKeyAsync(algorithm: "rsa3072");

        var line = await bench.AssertRefusedAsync(await bench.Gpg.SignAsync(bench.Document, key, options: ["--digest-algo", "SHA1"]), SignatureProblem.Weak);

        Assert.Contains("SHA-1", line, StringComparison.Ordinal);
        Assert.Contains(key, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sha224_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync(algorithm: "rsa3072");

        Assert.Contains("SHA-224", await bench.AssertRefusedAsync(await bench.Gpg.SignAsync(bench.Document, key, options: ["--digest-algo", "SHA224"]), SignatureProblem.Weak), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_mode_signature_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();

        await bench.AssertRefusedAsync(await bench.Gpg.SignAsync(bench.Document, key, options: ["--textmode"]), SignatureProblem.Weak);
    }

    [Fact]
    public async Task No_signature_is_refused_with_what_to_do()
    {
        await bench.MakeTrustedKeyAsync();

        Assert.Contains("gatewayctl sign", await bench.AssertRefusedAsync([], SignatureProblem.Absent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tampered_text_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var signature = await bench.Gpg.SignAsync(bench.Document, key);

        var line = await bench.AssertRefusedAsync(signature, SignatureProblem.Bad, Encoding.UTF8.GetBytes("release: {serial: 2}\n"));

        Assert.Contains($"{key} (Operator <op@example.com>)", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_more_at_the_end_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();

        await bench.AssertRefusedAsync(await bench.Gpg.SignAsync(bench.Document, key), SignatureProblem.Bad, [.. bench.Document, (byte)'\n']);
    }

    [Fact]
    public async Task Another_files_signature_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();

        await bench.AssertRefusedAsync(await bench.Gpg.SignAsync("other"u8.ToArray(), key), SignatureProblem.Bad);
    }

    [Fact]
    public async Task An_unknown_signer_is_refused_and_named_whole()
    {
        await bench.MakeTrustedKeyAsync();
        var stranger = await bench.Gpg.MakeKeyAsync("Stranger <x@example.com>");

        var line = await bench.AssertRefusedAsync(await bench.Gpg.SignAsync(bench.Document, stranger), SignatureProblem.UnknownKey);

        Assert.Contains(stranger, line, StringComparison.Ordinal);
        Assert.Contains(bench.TrustedDirectory, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_signature_is_refused()
    {
        var longAgo = DateTimeOffset.UtcNow.AddYears(-1);
        var key = await bench.Gpg.MakeKeyAsync("Operator <op@example.com>", at: longAgo);
        bench.Trust("op.gpg", await bench.Gpg.ExportAsync(key));
        var signature = await bench.Gpg.SignAsync(bench.Document, key, longAgo.AddDays(1), "--default-sig-expire", "2d");

        var line = await bench.AssertRefusedAsync(signature, SignatureProblem.SignatureExpired);

        Assert.Contains(longAgo.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_from_the_future_is_passed_on_with_its_time_for_the_gate_to_judge()
    {
        var future = DateTimeOffset.UtcNow.AddYears(2);
        var key = await bench.MakeTrustedKeyAsync();

        var result = await bench.VerifyAsync(await bench.Gpg.SignAsync(bench.Document, key, future));

        Assert.True(result.IsSuccess, string.Join(" | ", result.Failures));
        Assert.InRange(result.Value.Signature!.SignedAt, future.AddMinutes(-2), future.AddMinutes(2));
    }

    [Fact]
    public async Task A_machine_whose_clock_is_before_the_keys_creation_still_verifies()
    {
        var future = DateTimeOffset.UtcNow.AddYears(2);
        var key = await bench.Gpg.MakeKeyAsync("Operator <op@example.com>", at: future);
        bench.Trust("op.gpg", await bench.Gpg.RunAsync(["--faked-system-time", "20400101T000000!", "--export", key]));

        await bench.AssertAcceptedAsync(await bench.Gpg.SignAsync(bench.Document, key, future.AddDays(1)), key);
    }

    [Fact]
    public async Task A_duplicated_signature_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var binary = await BinarySignatureAsync(key);

        await bench.AssertRefusedAsync(await ArmorAsync([.. binary, .. binary]), SignatureProblem.Several);
    }

    [Fact]
    public async Task Two_armor_blocks_are_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var signature = await bench.Gpg.SignAsync(bench.Document, key);

        await bench.AssertRefusedAsync([.. signature, .. signature], SignatureProblem.Malformed);
    }

    [Fact]
    public async Task A_good_and_an_unknown_signer_together_are_refused()
    {
        var good = await bench.MakeTrustedKeyAsync();
        var stranger = await bench.Gpg.MakeKeyAsync("Stranger <x@example.com>");

        await bench.AssertRefusedAsync(await bench.Gpg.SignAsync(bench.Document, good, options: ["--local-user", stranger]), SignatureProblem.Several);
    }

    [Fact]
    public async Task Two_good_signers_together_are_refused()
    {
        var one = await bench.MakeTrustedKeyAsync();
        var two = await bench.MakeTrustedKeyAsync("Second <two@example.com>");

        await bench.AssertRefusedAsync(await bench.Gpg.SignAsync(bench.Document, one, options: ["--local-user", two]), SignatureProblem.Several);
    }

    [Fact]
    public async Task A_clear_signed_text_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var clear = await bench.Gpg.RunAsync(["--local-user", key, "--output", "-", "--clear-sign"], bench.Document);

        Assert.Contains("PGP SIGNED MESSAGE", await bench.AssertRefusedAsync(clear, SignatureProblem.Malformed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inline_signed_message_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var inline = await bench.Gpg.RunAsync(["--local-user", key, "--armor", "--output", "-", "--sign"], bench.Document);

        await bench.AssertRefusedAsync(inline, SignatureProblem.Malformed);
    }

    [Fact]
    public async Task An_inline_signed_message_dressed_as_a_signature_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var inline = await bench.Gpg.RunAsync(["--local-user", key, "--compress-algo", "none", "--armor", "--output", "-", "--sign"], bench.Document);
        var dressed = Encoding.ASCII.GetString(inline).Replace("PGP MESSAGE", "PGP SIGNATURE", StringComparison.Ordinal);

        await bench.AssertRefusedAsync(Encoding.ASCII.GetBytes(dressed), SignatureProblem.Malformed);
    }

    [Fact]
    public async Task A_binary_signature_is_refused()
    {
        var key = await bench.MakeTrustedKeyAsync();

        await bench.AssertRefusedAsync(await BinarySignatureAsync(key), SignatureProblem.Malformed);
    }

    [Theory]
    [InlineData("see below\n", "")]
    [InlineData("", "\nhello\n")]
    public async Task Text_around_the_signature_is_refused(string before, string after)
    {
        var key = await bench.MakeTrustedKeyAsync();
        var signature = await bench.Gpg.SignAsync(bench.Document, key);

        await bench.AssertRefusedAsync([.. Encoding.ASCII.GetBytes(before), .. signature, .. Encoding.ASCII.GetBytes(after)], SignatureProblem.Malformed);
    }

    [Fact]
    public async Task White_space_around_and_line_ends_of_mail_are_accepted()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var text = Encoding.ASCII.GetString(await bench.Gpg.SignAsync(bench.Document, key));

        await bench.AssertAcceptedAsync(Encoding.ASCII.GetBytes("\n\n" + text.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n  \n"), key);
    }

    [Fact]
    public async Task A_large_signature_is_refused()
    {
        await bench.MakeTrustedKeyAsync();

        await bench.AssertRefusedAsync(new byte[(16 * 1024) + 1], SignatureProblem.Malformed);
    }

    [Fact]
    public async Task A_missing_gpgv_is_said_so()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var signature = await bench.Gpg.SignAsync(bench.Document, key);

        var result = await new SignatureVerifier(bench.TrustedDirectory, "/nonexistent/gpgv")
            .VerifyAsync(new Core.Yaml.SourceText(TrustBench.DocumentName, bench.Document), signature, CancellationToken.None);

        Assert.Equal(SignatureProblem.VerifierFailed, Assert.IsType<VerificationFailure>(result.Failure).Problem);
        Assert.Contains("apt install gpgv", result.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_left_in_the_temporary_folders()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var signature = await bench.Gpg.SignAsync(bench.Document, key);
        var trace = Path.Combine(bench.Gpg.Path, "homes");
        var spy = Path.Combine(bench.Gpg.Path, "gpgv");
        await File.WriteAllTextAsync(spy, $"#!/bin/sh\nstat -c '%a %n' \"$2\" \"$2\"/* > {trace}\nexec gpgv \"$@\"\n");
        File.SetUnixFileMode(spy, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var result = await new SignatureVerifier(bench.TrustedDirectory, spy).VerifyAsync(new Core.Yaml.SourceText("x", bench.Document), signature, CancellationToken.None);

        Assert.True(result.IsSuccess);
        var lines = await File.ReadAllLinesAsync(trace);
        Assert.StartsWith("700 ", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("600 ", line, StringComparison.Ordinal));
        Assert.False(Directory.Exists(lines[0][4..]));
    }

    private Task<byte[]> BinarySignatureAsync(string key) =>
        bench.Gpg.RunAsync(["--local-user", key, "--output", "-", "--detach-sign"], bench.Document);

    private async Task<byte[]> ArmorAsync(byte[] packets)
    {
        var armored = Encoding.ASCII.GetString(await bench.Gpg.RunAsync(["--output", "-", "--enarmor"], packets));
        return Encoding.ASCII.GetBytes(armored.Replace("PGP ARMORED FILE", "PGP SIGNATURE", StringComparison.Ordinal));
    }
}

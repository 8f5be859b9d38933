using System.Text;
using Gateway.Core.Trust;

namespace Gateway.IntegrationTests.Trust;

/// <summary>One row of the rules about trusted keys each, with keys made by gpg.</summary>
public sealed class TrustedDirectoryTests : IAsyncLifetime
{
    private readonly TrustBench bench = new();

    private GpgHome Gpg => bench.Gpg;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task An_armored_key_is_trusted()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>", "rsa3072");
        bench.Trust("op.asc", await Gpg.ExportAsync(key, "--armor"));

        await bench.AssertAcceptedAsync(await Gpg.SignAsync(bench.Document, key), key);
    }

    [Fact]
    public async Task Several_armored_keys_in_one_file_are_trusted()
    {
        var one = await Gpg.MakeKeyAsync("One <one@example.com>");
        var two = await Gpg.MakeKeyAsync("Two <two@example.com>");
        bench.Trust("ops.asc", [.. "The first\n"u8, .. await Gpg.ExportAsync(one, "--armor"), .. "\nThe second\n"u8, .. await Gpg.ExportAsync(two, "--armor")]);

        await bench.AssertAcceptedAsync(await Gpg.SignAsync(bench.Document, one), one);
        await bench.AssertAcceptedAsync(await Gpg.SignAsync(bench.Document, two), two);
        Assert.Equal(new[] { one, two }.Order(StringComparer.Ordinal), bench.Verifier.ReadTrustedKeys().Signers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Only_gpg_and_asc_files_are_read()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>");
        bench.Trust("op.gpg.bak", await Gpg.ExportAsync(key));
        bench.Trust("op.key", await Gpg.ExportAsync(key));

        await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key), SignatureProblem.NoTrustedKeys);
    }

    [Fact]
    public async Task An_empty_directory_trusts_nobody()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>");

        Assert.Contains(bench.TrustedDirectory, await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key), SignatureProblem.NoTrustedKeys), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_keyring_file_trusts_nobody()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>");
        bench.Trust("op.gpg", []);

        Assert.Contains("op.gpg: skipped: is empty", await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key), SignatureProblem.NoTrustedKeys), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_directory_trusts_nobody()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>");
        Directory.Delete(bench.TrustedDirectory);

        var line = await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key), SignatureProblem.NoTrustedKeys);

        Directory.CreateDirectory(bench.TrustedDirectory);
        Assert.Contains("cannot be read", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0099\u0001garbage")]
    [InlineData("not a key at all")]
    [InlineData("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n")]
    public async Task A_garbage_file_beside_a_good_one_is_skipped_with_a_warning(string garbage)
    {
        var key = await bench.MakeTrustedKeyAsync();
        bench.Trust("0-garbage.gpg", Encoding.Latin1.GetBytes(garbage));

        await bench.AssertAcceptedAsync(await Gpg.SignAsync(bench.Document, key), key);
        Assert.Contains("0-garbage.gpg: skipped: ", Assert.Single(bench.Verifier.ReadTrustedKeys().Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_key_is_not_trusted_and_warned_about(bool armored)
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>");
        bench.Trust("op.asc", await Gpg.RunAsync(armored ? ["--armor", "--export-secret-keys", key] : ["--export-secret-keys", key]));

        await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key), SignatureProblem.NoTrustedKeys);
        Assert.Contains(armored ? "PRIVATE KEY" : "SECRET key", Assert.Single(bench.Verifier.ReadTrustedKeys().Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_or_file_that_anybody_can_write_is_warned_about()
    {
        var key = await bench.MakeTrustedKeyAsync();
        Assert.Empty(bench.Verifier.ReadTrustedKeys().Warnings);
        var file = Path.Combine(bench.TrustedDirectory, $"{key}.gpg");
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);
        File.SetUnixFileMode(bench.TrustedDirectory, (UnixFileMode)0x1FF);

        var warnings = bench.Verifier.ReadTrustedKeys().Warnings;

        Assert.Equal([$"chmod o-w {bench.TrustedDirectory}", $"chmod o-w {file}"], warnings.Select(warning => warning[warning.IndexOf("chmod", StringComparison.Ordinal)..]));
    }

    [Fact]
    public async Task A_keybox_is_not_read_and_the_warning_says_how_to_convert_it()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>");
        bench.Trust("op.gpg", await File.ReadAllBytesAsync(Path.Combine(Gpg.Path, "pubring.kbx")));

        Assert.Contains("--export", await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key), SignatureProblem.NoTrustedKeys), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_key_is_refused_with_when_and_what_to_do()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>", expires: "1y", at: Year(2020));
        bench.Trust("op.gpg", await Gpg.ExportAsync(key));

        var line = await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key, Year(2020).AddDays(2)), SignatureProblem.KeyExpired);

        Assert.Contains("expired at 2020-12-31", line, StringComparison.Ordinal);
        Assert.Contains(key, line, StringComparison.Ordinal);
        Assert.Equal(2020, Assert.Single(bench.Verifier.ReadTrustedKeys().Keys).Expires!.Value.Year);
    }

    [Theory]
    [InlineData("a.gpg", "b.gpg")]
    [InlineData("b.gpg", "a.gpg")]
    public async Task A_renewed_copy_beside_the_expired_one_wins_in_either_order(string old, string renewed)
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>", expires: "1y", at: Year(2020));
        bench.Trust(old, await Gpg.ExportAsync(key));
        await Gpg.RunAsync(["--quick-set-expire", key, "5y"]);
        bench.Trust(renewed, await Gpg.ExportAsync(key));

        await bench.AssertAcceptedAsync(await Gpg.SignAsync(bench.Document, key), key);
        Assert.True(Assert.Single(bench.Verifier.ReadTrustedKeys().Keys).Expires > DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData("a.gpg", "b.gpg")]
    [InlineData("b.gpg", "a.gpg")]
    public async Task The_later_expiry_wins_even_when_it_is_the_older_copys(string longer, string shorter)
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>", at: Year(2020));
        bench.Trust(longer, await Gpg.ExportAsync(key));
        await Gpg.RunAsync(["--faked-system-time", "20210101T000000!", "--quick-set-expire", key, "1y"]);
        var signature = await Gpg.SignAsync(bench.Document, key, Year(2021).AddDays(1));
        bench.Trust(shorter, await Gpg.ExportAsync(key));

        await bench.AssertAcceptedAsync(signature, key);
        Assert.Null(Assert.Single(bench.Verifier.ReadTrustedKeys().Keys).Expires);
    }

    [Fact]
    public async Task A_revoked_key_is_refused()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>");
        var signature = await Gpg.SignAsync(bench.Document, key);
        await RevokeAsync(key);
        bench.Trust("op.gpg", await Gpg.ExportAsync(key));

        Assert.Contains("revoked", await bench.AssertRefusedAsync(signature, SignatureProblem.KeyRevoked), StringComparison.Ordinal);
        Assert.Empty(bench.Verifier.ReadTrustedKeys().Signers);
    }

    [Theory]
    [InlineData("a.gpg", "b.asc")]
    [InlineData("b.asc", "a.gpg")]
    public async Task A_revocation_in_any_file_wins_over_the_copy_without_it(string good, string revoked)
    {
        var key = await bench.MakeTrustedKeyAsync();
        var signature = await Gpg.SignAsync(bench.Document, key);
        bench.Trust(good, await Gpg.ExportAsync(key));
        await bench.AssertAcceptedAsync(signature, key);
        await RevokeAsync(key);
        bench.Trust(revoked, await Gpg.ExportAsync(key));

        await bench.AssertRefusedAsync(signature, SignatureProblem.KeyRevoked);
    }

    [Fact]
    public async Task A_revocation_wins_over_a_copy_with_a_later_expiry()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>", expires: "1y", at: Year(2020));
        await using var revoker = new GpgHome();
        await revoker.RunAsync(["--import"], await Gpg.ExportAsync(key));
        await revoker.RunAsync(["--import"], await Gpg.RevocationAsync(key));
        bench.Trust("b.gpg", await revoker.ExportAsync(key));
        await Gpg.RunAsync(["--quick-set-expire", key, "5y"]);
        bench.Trust("a.gpg", await Gpg.ExportAsync(key));

        await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key), SignatureProblem.KeyRevoked);
    }

    [Fact]
    public async Task A_bare_revocation_certificate_in_the_directory_revokes()
    {
        var key = await bench.MakeTrustedKeyAsync();
        var other = await bench.MakeTrustedKeyAsync("Second <two@example.com>");
        bench.Trust("revoked.asc", await Gpg.RevocationAsync(key));

        await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, key), SignatureProblem.KeyRevoked);
        await bench.AssertAcceptedAsync(await Gpg.SignAsync(bench.Document, other), other);
        Assert.Equal([other], bench.Verifier.ReadTrustedKeys().Signers);
    }

    [Theory]
    [InlineData("a.gpg", "b.gpg")]
    [InlineData("b.gpg", "a.gpg")]
    public async Task A_revoked_subkey_is_refused_in_either_order_of_files(string good, string revoked)
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>", usage: "cert");
        await Gpg.RunAsync(["--quick-add-key", key, "ed25519", "sign", "never"]);
        var signature = await Gpg.SignAsync(bench.Document, key);
        bench.Trust(good, await Gpg.ExportAsync(key));
        await Gpg.RunAsync(["--command-fd", "0", "--edit-key", key, "key 1", "revkey", "save"], commands: "y\n0\n\ny\n");
        bench.Trust(revoked, await Gpg.ExportAsync(key));

        await bench.AssertRefusedAsync(signature, SignatureProblem.KeyRevoked);
    }

    [Fact]
    public async Task A_new_key_beside_the_old_one_takes_over_when_the_old_one_goes()
    {
        var old = await bench.MakeTrustedKeyAsync("Old <old@example.com>");
        var next = await bench.MakeTrustedKeyAsync("New <new@example.com>");
        await bench.AssertAcceptedAsync(await Gpg.SignAsync(bench.Document, old), old);
        File.Delete(Path.Combine(bench.TrustedDirectory, $"{old}.gpg"));

        await bench.AssertAcceptedAsync(await Gpg.SignAsync(bench.Document, next), next);
        await bench.AssertRefusedAsync(await Gpg.SignAsync(bench.Document, old), SignatureProblem.UnknownKey);
    }

    [Fact]
    public async Task A_strangers_subkey_smuggled_into_a_trusted_certificate_is_not_trusted()
    {
        var key = await Gpg.MakeKeyAsync("Operator <op@example.com>");
        var stranger = await Gpg.MakeKeyAsync("Stranger <x@example.com>", usage: "cert");
        await Gpg.RunAsync(["--quick-add-key", stranger, "ed25519", "sign", "never"]);
        bench.Trust("op.gpg", [.. await Gpg.ExportAsync(key), .. SubkeyOf(await Gpg.ExportAsync(stranger))]);

        var result = await bench.VerifyAsync(await Gpg.SignAsync(bench.Document, stranger));

        Assert.False(result.IsSuccess, "was accepted");
        Assert.Equal([key], bench.Verifier.ReadTrustedKeys().Signers);
    }

    private static DateTimeOffset Year(int year) => new(year, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private async Task RevokeAsync(string key) =>
        await Gpg.RunAsync(["--import"], await Gpg.RevocationAsync(key));

    /// <summary>From the first subkey packet (old format, tag 14: 0xB8–0xBB) on.</summary>
    private static byte[] SubkeyOf(byte[] certificate)
    {
        for (var i = 0; i < certificate.Length;)
        {
            if ((certificate[i] & 0xFC) == 0xB8)
            {
                return certificate[i..];
            }

            i += (certificate[i] & 3) == 0 ? 2 + certificate[i + 1] : 3 + (certificate[i + 1] << 8) + certificate[i + 2];
        }

        throw new InvalidOperationException("no subkey");
    }
}

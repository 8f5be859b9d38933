using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Core.Processes;
using Gateway.Core.State;

namespace Gateway.IntegrationTests.Trust;

/// <summary>An operator's gpg with a home of its own; its agent ends with it.</summary>
public sealed class GpgHome : IAsyncDisposable
{
    private readonly PrivateFolder folder = PrivateFolder.Create();

    public string Path => folder.FullPath;

    /// <summary>Makes a key and returns its fingerprint.</summary>
    public async Task<string> MakeKeyAsync(string user, string algorithm = "ed25519", string expires = "never", DateTimeOffset? at = null, string usage = "sign,cert")
    {
        await RunAsync([.. At(at), "--quick-gen-key", user, algorithm, usage, expires]);
        return await FingerprintAsync(user);
    }

    public async Task<string> FingerprintAsync(string user) =>
        Encoding.ASCII.GetString(await RunAsync(["--with-colons", "--list-keys", user]))
            .Split('\n').First(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];

    public Task<byte[]> ExportAsync(string key, params ImmutableArray<string> options) => RunAsync([.. options, "--export", key]);

    /// <summary>A detached armored signature.</summary>
    public Task<byte[]> SignAsync(byte[] content, string key, DateTimeOffset? at = null, params ImmutableArray<string> options) =>
        RunAsync([.. At(at), "--local-user", key, .. options, "--armor", "--detach-sign", "--output", "-"], content);

    /// <summary>Runs gpg; any exit status but 0 fails the test.</summary>
    public async Task<byte[]> RunAsync(ImmutableArray<string> arguments, byte[]? input = null, string? commands = null)
    {
        var inputFile = System.IO.Path.Combine(Path, Guid.NewGuid().ToString("N"));
        var outputFile = inputFile + ".out";
        await File.WriteAllBytesAsync(inputFile, input ?? []);
        // Output as a file: ProcessOutcome is text.
        var plain = arguments.Contains("--output") ? arguments.Replace("-", outputFile) : ["--output", outputFile, .. arguments];
        var outcome = await ProcessRunner.RunAsync(
            new ProcessRequest("gpg", ["--homedir", Path, "--batch", "--no-tty", "--yes", "--pinentry-mode", "loopback", "--passphrase", "", .. plain, .. input is null ? ImmutableArray<string>.Empty : [inputFile]])
            {
                StandardInput = Encoding.ASCII.GetBytes(commands ?? ""),
            },
            CancellationToken.None);
        Assert.True(outcome.IsSuccess, $"gpg {string.Join(' ', arguments)}: {outcome.StandardError}");
        return File.Exists(outputFile) ? await File.ReadAllBytesAsync(outputFile) : Encoding.UTF8.GetBytes(outcome.StandardOutput);
    }

    /// <summary>The revocation certificate that gpg made with the key, ready for use.</summary>
    public async Task<byte[]> RevocationAsync(string key)
    {
        var text = await File.ReadAllTextAsync(System.IO.Path.Combine(Path, "openpgp-revocs.d", $"{key}.rev"));
        return Encoding.ASCII.GetBytes(text[(text.IndexOf(":-----BEGIN", StringComparison.Ordinal) + 1)..]);
    }

    public async ValueTask DisposeAsync()
    {
        await ProcessRunner.RunAsync(new ProcessRequest("gpgconf", ["--homedir", Path, "--kill", "all"]), CancellationToken.None);
        folder.Dispose();
    }

    private static ImmutableArray<string> At(DateTimeOffset? time) =>
        time is null ? [] : ["--faked-system-time", $"{time.Value.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}!"];
}

using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.IntegrationTests.Trust;

/// <summary>A trusted directory, an operator with gpg, and a document; one per test.</summary>
public sealed class TrustBench : IAsyncDisposable
{
    public const string DocumentName = "site.yml";

    private readonly PrivateFolder trusted = PrivateFolder.Create();

    public GpgHome Gpg { get; } = new();

    public byte[] Document { get; } = Encoding.UTF8.GetBytes("release: {serial: 1}\n");

    public string TrustedDirectory => trusted.FullPath;

    public SignatureVerifier Verifier => new(TrustedDirectory);

    public void Trust(string file, byte[] content) => File.WriteAllBytes(Path.Combine(TrustedDirectory, file), content);

    /// <summary>Makes a key and trusts it.</summary>
    public async Task<string> MakeTrustedKeyAsync(string user = "Operator <op@example.com>", string algorithm = "ed25519")
    {
        var key = await Gpg.MakeKeyAsync(user, algorithm);
        Trust($"{key}.gpg", await Gpg.ExportAsync(key));
        return key;
    }

    public Task<Result<Verified<SourceText>>> VerifyAsync(byte[] signature, byte[]? document = null) =>
        Verifier.VerifyAsync(new SourceText(DocumentName, document ?? Document), signature, CancellationToken.None);

    public async Task AssertAcceptedAsync(byte[] signature, string signer)
    {
        var result = await VerifyAsync(signature);
        Assert.True(result.IsSuccess, string.Join(" | ", result.Failures));
        Assert.Equal(signer, result.Value.Signature!.Signer);
    }

    /// <summary>Asserts the refusal and returns its line.</summary>
    public async Task<string> AssertRefusedAsync(byte[] signature, SignatureProblem problem, byte[]? document = null)
    {
        var result = await VerifyAsync(signature, document);
        Assert.False(result.IsSuccess, "was accepted");
        var failure = Assert.IsType<VerificationFailure>(Assert.Single(result.Failures));
        Assert.True(problem == failure.Problem, $"{failure.Problem}: {failure}");
        Assert.Equal(Phase.Verify, failure.Phase);
        Assert.StartsWith($"{DocumentName}: ", failure.ToString(), StringComparison.Ordinal);
        return failure.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Gpg.DisposeAsync();
        trusted.Dispose();
    }
}

using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;

namespace Gateway.Ctl.Documents;

/// <summary>The signature beside a document.</summary>
internal static class SignatureFile
{
    /// <summary>The armored bytes of <c>FILE.asc</c>, or of another file; an absent one is refused as unsigned.</summary>
    public static Result<byte[]> Read(string document, string? file)
    {
        var path = file ?? $"{document}.asc";
        var read = AtomicFile.ReadIfThere(path, SignatureVerifier.LargestSignature);
        return !read.TryGet(out var content, out var failures) ? failures[0] with { Phase = Phase.Configuration }
            : content is null ? new Failure(Phase.Verify, document, $"is not signed: there is no {path}; run gatewayctl sign {document}")
            : content;
    }
}

using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Fetch;

/// <summary>Reads documents from files: <c>file:</c> URLs and the FILE of <c>apply</c> and <c>verify</c>.</summary>
internal static class LocalDocument
{
    /// <summary>A playbook and its signature. <c>--root</c> does not apply to what a person names.</summary>
    /// <param name="document">The playbook.</param>
    /// <param name="signature">Its signature; null for none (<c>--unsigned</c>).</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="bundles">Where a bundle is copied to before it is looked at.</param>
    public static async Task<Result<FetchedPair>> ReadPairAsync(string document, string? signature, BundleStore bundles, CancellationToken cancellation)
    {
        if (BundleArchive.IsNamed(document))
        {
            return await ReadBundleAsync(document, signature, bundles, cancellation);
        }

        var request = new DownloadRequest(UrlOf(document), SourceText.LargestDocument, Validators.None, DownloadKind.Document);
        if (!(await GetAsync(request, cancellation)).TryGet(out var text, out var failures))
        {
            return failures;
        }

        var source = new SourceText(document, text.Content!.Value);
        if (signature is null)
        {
            return new FetchedPair(source, ReadOnlyMemory<byte>.Empty, true);
        }

        return (await SignatureAsync(signature, cancellation)).TryGet(out var armored, out var missing)
            ? new FetchedPair(source, armored, true)
            : missing;
    }

    private static async Task<Result<FetchedPair>> ReadBundleAsync(string document, string? signature, BundleStore bundles, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> armored = default;
        if (signature is not null && !(await SignatureAsync(signature, cancellation)).TryGet(out armored, out var missing))
        {
            return missing;
        }

        return (await bundles.TakeAsync(document, document, cancellation)).Then<FetchedPair>(archive =>
            new FetchedPair(new SourceText(document, ReadOnlyMemory<byte>.Empty), armored, true) { Archive = archive });
    }

    private static async Task<Result<ReadOnlyMemory<byte>>> SignatureAsync(string signature, CancellationToken cancellation)
    {
        var beside = new DownloadRequest(UrlOf(signature), SignatureVerifier.LargestSignature, Validators.None, DownloadKind.Signature);
        return (await GetAsync(beside, cancellation)).Then<ReadOnlyMemory<byte>>(armored => armored.Content!.Value);
    }

    /// <summary>The content of a <c>file:</c> URL. Throws what files throw.</summary>
    public static async Task<Result<Download>> ReadAsync(DownloadRequest request, CancellationToken cancellation)
    {
        if (!File.Exists(request.Url.LocalPath))
        {
            return DownloadFailures.Absent(request);
        }

        await using var file = new FileStream(request.Url.LocalPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, true);
        var content = await BoundedStream.ReadAsync(file, request.Limit, () => { }, cancellation);
        return content is null ? DownloadFailures.TooLarge(request) : new Download(content, Validators.None);
    }

    private static async Task<Result<Download>> GetAsync(DownloadRequest request, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(request, cancellation);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return DownloadFailures.OfException(request, wrong);
        }
    }

    private static Uri UrlOf(string path) => new UriBuilder { Scheme = Uri.UriSchemeFile, Host = "", Path = Uri.EscapeDataString(Path.GetFullPath(path)).Replace("%2F", "/", StringComparison.Ordinal) }.Uri;
}

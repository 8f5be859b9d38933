using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.HostController.Fetch;

/// <summary>A bundle that is kept: what the server calls this version, and its digest.</summary>
internal sealed record BundleVersion(string Tag, string Sha256);

/// <summary>What came from an address.</summary>
/// <param name="Part">The file; null when it has not changed.</param>
/// <param name="Tag">The entity tag or date as the server sent it; empty for none.</param>
internal sealed record BundleDownload(string? Part, string Tag);

/// <summary>
/// Downloads bundles into files: bounded in size and in silence, resumed where the server says that it is still the same
/// (RFC 9110, If-Range). What came is never trusted; it is verified whole each time.
/// </summary>
/// <param name="client">Follows no redirection, decompresses nothing.</param>
/// <param name="folder">Where half a download waits for the rest.</param>
/// <param name="stall">Longest silence of a server.</param>
internal sealed class BundleFetcher(HttpClient client, string folder, TimeSpan stall)
{
    private static readonly long Limit = BundleLimits.Default.Bytes;

    /// <summary>Notes under which digest the archive of an address is kept, so that an unchanged one is not sent again.</summary>
    public void Keep(Uri url, string stream, BundleVersion version) =>
        _ = AtomicFile.Write(LastOf(stream), Encoding.UTF8.GetBytes($"{url.AbsoluteUri}\n{version.Tag}\n{version.Sha256}"), AtomicFile.OwnerOnly);

    /// <summary>What is kept of an address; null when nothing is known.</summary>
    public BundleVersion? Kept(Uri url, string stream) => AtomicFile.ReadIfThere(LastOf(stream), 8192) is { IsSuccess: true, Value: { } content }
        && Encoding.UTF8.GetString(content).Split('\n') is [var address, { Length: > 0 } tag, var sha256] && address == url.AbsoluteUri
            ? new BundleVersion(tag, sha256)
            : null;

    private string LastOf(string stream) => Path.Combine(folder, $"{stream}.bundle.last");

    /// <summary>The archive's file, which the caller takes away, and the server's name for this version; or that it has not changed.</summary>
    public async Task<Result<BundleDownload>> GetAsync(Uri url, string stream, BundleVersion? kept, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var part = Path.Combine(folder, $"{stream}.bundle.part");
        using var message = new HttpRequestMessage(HttpMethod.Get, url);
        var known = Tag(part, url);
        var have = known is not null && File.Exists(part) ? new FileInfo(part).Length : 0;
        if (have > 0)
        {
            message.Headers.Range = new RangeHeaderValue(have, null);
            message.Headers.TryAddWithoutValidation("If-Range", known);
        }
        else if (kept is not null)
        {
            message.Headers.TryAddWithoutValidation(kept.Tag.StartsWith('"') ? "If-None-Match" : "If-Modified-Since", kept.Tag);
        }

        return await AskAsync<BundleDownload>(
            message,
            async (request, response, silence) => kept is not null && response.StatusCode == HttpStatusCode.NotModified
                ? new BundleDownload(null, kept.Tag)
                : await ReadAsync(request, response, part, have, silence),
            cancellation);
    }

    /// <summary>Whether a bundle could be fetched, by the first words of the answer: nothing of it is read. Its length, null when the server does not tell.</summary>
    public async Task<Result<long?>> LookAsync(Uri url, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, url);
        return await AskAsync<long?>(
            message,
            (request, response, _) => Task.FromResult<Result<long?>>(Problem(request, response, 0, false) is { } problem ? problem : response.Content.Headers.ContentLength),
            cancellation);
    }

    private async Task<Result<T>> AskAsync<T>(
        HttpRequestMessage message, Func<DownloadRequest, HttpResponseMessage, CancellationTokenSource, Task<Result<T>>> read, CancellationToken cancellation)
    {
        var request = new DownloadRequest(message.RequestUri!, int.MaxValue, Validators.None, DownloadKind.Document);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(stall);
        try
        {
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            return await read(request, response, silence);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return DownloadFailures.TimedOut(request, $"after {stall.TotalSeconds:0.#} s of silence");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            return DownloadFailures.OfException(request, exception);
        }
    }

    private async Task<Result<BundleDownload>> ReadAsync(DownloadRequest request, HttpResponseMessage response, string part, long have, CancellationTokenSource silence)
    {
        var resumes = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            File.Delete(part);
            return DownloadFailures.TimedOut(request, "because what was kept of it is not the server's any more");
        }

        have = resumes ? have : 0;
        if (Problem(request, response, have, resumes) is { } problem)
        {
            return problem;
        }

        if (!resumes)
        {
            Note(part, request.Url, response);
        }

        return await AppendAsync(request, response, part, have, silence);
    }

    /// <summary>What is wrong with an answer before any of it is read; null when nothing is.</summary>
    private static Failure? Problem(DownloadRequest request, HttpResponseMessage response, long have, bool resumes) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 ? DownloadFailures.Redirected(request, "which is not followed for bundles: give the final address")
        : !resumes && response.StatusCode != HttpStatusCode.OK ? DownloadFailures.OfStatus(request, response.StatusCode)
        : response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml" ? DownloadFailures.CaptivePortal(request)
        : response.Content.Headers.ContentLength + have > Limit ? TooLarge(request)
        : null;

    private async Task<Result<BundleDownload>> AppendAsync(DownloadRequest request, HttpResponseMessage response, string part, long have, CancellationTokenSource silence)
    {
        await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
        await using (var file = new FileStream(part, new FileStreamOptions
        {
            Mode = have > 0 ? FileMode.Append : FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = AtomicFile.OwnerOnly,
            Options = FileOptions.Asynchronous,
        }))
        {
            var buffer = new byte[128 * 1024];
            int count;
            while ((count = await body.ReadAsync(buffer, silence.Token)) > 0)
            {
                silence.CancelAfter(stall);
                have += count;
                if (have > Limit)
                {
                    return TooLarge(request);
                }

                await file.WriteAsync(buffer.AsMemory(0, count), silence.Token);
            }
        }

        var tag = Tag(part, request.Url) ?? "";
        File.Delete(part + ".tag");
        return new BundleDownload(part, tag);
    }

    private static Failure TooLarge(DownloadRequest request) => new(Phase.Parse, request.Name, $"the bundle is larger than {Limit.ToString(CultureInfo.InvariantCulture)} bytes");

    /// <summary>What identifies the version that a half download belongs to; null when nothing does.</summary>
    private static string? Tag(string part, Uri url) => AtomicFile.ReadIfThere(part + ".tag", 8192) is { IsSuccess: true, Value: { } content }
        && Encoding.UTF8.GetString(content).Split('\n') is [var address, var tag] && address == url.AbsoluteUri && tag.Length > 0
            ? tag
            : null;

    private static void Note(string part, Uri url, HttpResponseMessage response)
    {
        var tag = response.Headers.ETag is { IsWeak: false } strong ? strong.ToString() : response.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture) ?? "";
        _ = AtomicFile.Write(part + ".tag", Encoding.UTF8.GetBytes($"{url.AbsoluteUri}\n{tag}"), AtomicFile.OwnerOnly);
    }
}

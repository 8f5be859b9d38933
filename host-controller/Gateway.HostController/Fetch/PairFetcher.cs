using System.Security.Cryptography;
using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.HostController.Configuration;
using Polly;
using Polly.Retry;

namespace Gateway.HostController.Fetch;

/// <summary>Fetches a playbook with its signature: conditional requests, retries with back-off, one bound in time for all.</summary>
internal sealed class PairFetcher(Downloader downloader, FetchCache cache, BundleStore bundles, string partFolder, TimeSpan timeout)
{
    private const int Retries = 3;

    /// <summary>The pair, or why it could not be had.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="fresh">Whether to ask for all of it anew, whatever is kept on disk.</param>
    /// <param name="retrying">Hears of each failed attempt that is followed by another.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Result<FetchedPair>> FetchAsync(PlaybookAddress address, bool fresh, Action<Failure> retrying, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(timeout);
        Failure? last = null;
        var pipeline = Pipeline(failure => retrying(last = failure));
        try
        {
            return await pipeline.ExecuteAsync(
                async (state, token) => await state.Fetcher.AttemptAsync(state.Address, state.Fresh, token),
                (Fetcher: this, Address: address, Fresh: fresh),
                time.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var after = last is null ? "" : $" (before: {last.Message})";
            return new Failure(Phase.Fetch, address.Document.AbsoluteUri, $"not fetched within fetch_timeout of {timeout.TotalSeconds:0.#} s{after}", true);
        }
    }

    private static ResiliencePipeline<Result<FetchedPair>> Pipeline(Action<Failure> retrying) =>
        new ResiliencePipelineBuilder<Result<FetchedPair>>()
            .AddRetry(new RetryStrategyOptions<Result<FetchedPair>>
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome is { Exception: null, Result: { IsSuccess: false, Failure.Retryable: true } }),
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(30),
                UseJitter = true,
                OnRetry = arguments =>
                {
                    retrying(arguments.Outcome.Result.Failure);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    /// <summary>The signature first: it is small, and says whether there is a bundle at all.</summary>
    private async Task<Result<FetchedPair>> BundleAsync(PlaybookAddress address, bool fresh, CancellationToken cancellation)
    {
        var (signature, missing) = await PartAsync(address.Signature, DownloadKind.Signature, null, cancellation);
        if (signature is null)
        {
            return missing;
        }

        var name = address.Document.IsFile ? address.Document.LocalPath : address.Document.AbsoluteUri;
        FetchedPair Pair(BundleArchive archive) => new(new SourceText(name, ReadOnlyMemory<byte>.Empty), signature.Content, true) { Archive = archive };
        if (address.Document.IsFile)
        {
            return (await bundles.TakeAsync(name, address.Document.LocalPath, cancellation)).Then<FetchedPair>(archive => Pair(archive));
        }

        var fetcher = downloader.Bundles(partFolder);
        var kept = fresh ? null : fetcher.Kept(address.Document, address.Stream);
        kept = kept is not null && bundles.Kept(name, kept.Sha256).IsSuccess ? kept : null;
        if (!(await fetcher.GetAsync(address.Document, address.Stream, kept, cancellation)).TryGet(out var download, out var failures))
        {
            return failures;
        }

        if (download.Part is null)
        {
            return Pair(bundles.Kept(name, kept!.Sha256).Value) with { IsFresh = false };
        }

        var archive = bundles.NewArchive();
        File.Move(download.Part, archive);
        await using (var file = File.OpenRead(archive))
        {
            fetcher.Keep(address.Document, address.Stream, new BundleVersion(download.Tag, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation))));
        }

        return Pair(new BundleArchive(name, archive));
    }

    private async Task<Result<FetchedPair>> AttemptAsync(PlaybookAddress address, bool fresh, CancellationToken cancellation)
    {
        if (BundleArchive.IsNamed(address.Document.AbsolutePath))
        {
            return await BundleAsync(address, fresh, cancellation);
        }

        var kept = fresh ? null : cache.Load(address.Stream, address.Document);
        var (document, failures) = await PartAsync(address.Document, DownloadKind.Document, kept?.Document, cancellation);
        if (document is null)
        {
            return failures;
        }

        var (signature, missing) = await PartAsync(address.Signature, DownloadKind.Signature, kept?.Signature, cancellation);
        if (signature is null)
        {
            return missing;
        }

        if (!address.Document.IsFile)
        {
            // A copy that could not be kept costs the next download, no more.
            _ = cache.Save(address.Stream, new CachedPair(CachedPair.KnownSchema, address.Document.AbsoluteUri, document, signature));
        }

        var isFresh = !ReferenceEquals(document, kept?.Document) && !ReferenceEquals(signature, kept?.Signature);
        var name = address.Document.IsFile ? address.Document.LocalPath : address.Document.AbsoluteUri;
        return new FetchedPair(new SourceText(name, document.Content), signature.Content, isFresh);
    }

    private async Task<(CachedPart? Part, System.Collections.Immutable.ImmutableArray<Failure> Failures)> PartAsync(
        Uri url, DownloadKind kind, CachedPart? kept, CancellationToken cancellation)
    {
        var limit = kind == DownloadKind.Document ? SourceText.LargestDocument : SignatureVerifier.LargestSignature;
        var request = new DownloadRequest(url, limit, kept?.Validators ?? Validators.None, kind);
        if (!(await downloader.GetAsync(request, cancellation)).TryGet(out var download, out var failures))
        {
            return (null, failures);
        }

        return (download.Content is { } content ? CachedPart.Of(content, download.Validators) : kept, []);
    }
}

namespace Gateway.HostController.Fetch;

/// <summary>What came from an address.</summary>
/// <param name="Content">The bytes; null when the server said that they have not changed (304).</param>
/// <param name="Validators">For the next conditional request.</param>
internal sealed record Download(ReadOnlyMemory<byte>? Content, Validators Validators);

/// <summary>One thing to download and what it may cost.</summary>
/// <param name="Url">http, https or file.</param>
/// <param name="Limit">Most bytes.</param>
/// <param name="Known">What is known of the copy kept.</param>
/// <param name="Kind">What it is, for messages and for the exit status.</param>
internal sealed record DownloadRequest(Uri Url, int Limit, Validators Known, DownloadKind Kind)
{
    /// <summary>What messages call it: a local path, or the URL.</summary>
    public string Name => Url.IsFile ? Url.LocalPath : Url.AbsoluteUri;
}

/// <summary>What is downloaded.</summary>
internal enum DownloadKind
{
    /// <summary>The playbook.</summary>
    Document,

    /// <summary>Its detached signature; its absence is a refusal, not a failure to fetch.</summary>
    Signature,
}

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>What an HTTP server may do to a client instead of answering well.</summary>
public abstract record HttpFault
{
    /// <summary>Answers with this status, and a <c>Retry-After</c> of so many seconds if given.</summary>
    public sealed record Status(int Code, int? RetryAfter = null) : HttpFault;

    /// <summary>Promises the whole length and closes after so many bytes of the body.</summary>
    public sealed record Truncate(int AfterBytes) : HttpFault;

    /// <summary>Sends the body at so many bytes a second.</summary>
    public sealed record Slow(int BytesPerSecond) : HttpFault;

    /// <summary>Sends a body without a length and without an end.</summary>
    public sealed record Endless : HttpFault;

    /// <summary>Takes the request and never answers.</summary>
    public sealed record Hang : HttpFault;

    /// <summary>Closes the connection with a reset instead of answering.</summary>
    public sealed record Reset : HttpFault;

    /// <summary>Redirects to another address.</summary>
    public sealed record Redirect(string Location) : HttpFault;

    /// <summary>A hotel's log-in page, with status 200, whatever was asked for.</summary>
    public sealed record CaptivePortal : HttpFault;

    /// <summary>Answers as if without conditions: no ETag, no Range, always 200 with everything.</summary>
    public sealed record NoConditions : HttpFault;
}

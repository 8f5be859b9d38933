namespace Gateway.HostController.Fetch;

/// <summary>What a server said identifies a version of a document, for conditional requests (RFC 9110, chapter 13).</summary>
/// <param name="ETag">The entity tag as sent, quotes included.</param>
/// <param name="LastModified">The date as sent.</param>
internal sealed record Validators(string? ETag, string? LastModified)
{
    /// <summary>Nothing known: the request is not conditional.</summary>
    public static Validators None { get; } = new(null, null);

    public bool AreKnown => ETag is not null || LastModified is not null;
}

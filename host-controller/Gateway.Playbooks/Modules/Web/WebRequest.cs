using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>A request to a web server (or a <c>file:</c> address), bounded in time.</summary>
/// <param name="Url">An absolute address.</param>
public sealed record WebRequest(string Url)
{
    /// <summary>The address as the task has it, which may hold a name and a password.</summary>
    public string Given { get; init; } = Url;

    public string Method { get; init; } = "GET";

    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What is sent; null for nothing.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Longest silence of the server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>Whether name and password are sent before the server asks.</summary>
    public bool ForceBasic { get; init; }

    /// <summary>False accepts any certificate of the server.</summary>
    public bool ValidateCertificates { get; init; } = true;

    /// <summary>A file with the client's certificate, in PEM; null for none.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>A file with its key; null when it is in the same.</summary>
    public string? ClientKey { get; init; }

    /// <summary><c>all</c>, <c>safe</c> (GET and HEAD only) or <c>none</c>.</summary>
    public string Redirects { get; init; } = "safe";

    public bool UseProxy { get; init; } = true;

    /// <summary>Sent as <c>If-Modified-Since</c>.</summary>
    public DateTimeOffset? Known { get; init; }
}

/// <summary>What a web server answered.</summary>
/// <param name="Status">Of HTTP; -1 when there was no answer, 0 for a <c>file:</c> address.</param>
/// <param name="Message">As Ansible says it: <c>OK (6 bytes)</c>, <c>HTTP Error 404: Not Found</c>, <c>Request failed: …</c>.</param>
/// <param name="Url">Where redirections led.</param>
public sealed record WebAnswer(int Status, string Message, string Url)
{
    /// <summary>Lower-case names with underscores.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What came, bounded; empty when it went to a file.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }
}

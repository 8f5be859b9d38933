using System.Text.Json.Serialization;

namespace Gateway.Core.Engine;

/// <summary>One line of the stream that answers a pull or load; an error in it is the whole call's failure, though its status was 200.</summary>
internal sealed record ProgressLine
{
    [JsonPropertyName("id")]
    public string Id { get => field ?? ""; init; }

    [JsonPropertyName("status")]
    public string Status { get => field ?? ""; init; }

    /// <summary>What a load says: <c>Loaded image: name:tag</c>.</summary>
    [JsonPropertyName("stream")]
    public string Stream { get => field ?? ""; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    [JsonPropertyName("errorDetail")]
    public ProgressError? ErrorDetail { get; init; }

    [JsonPropertyName("progressDetail")]
    public ProgressDetail? Detail { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public string? Wrong => ErrorDetail is { Message.Length: > 0 } detail ? detail.Message : Error;

    public PullProgress ToProgress() => new(Id, Status, Detail?.Current ?? 0, Detail?.Total ?? 0);
}

/// <summary>How far a layer is.</summary>
internal sealed record ProgressDetail
{
    [JsonPropertyName("current")]
    public long Current { get; init; }

    [JsonPropertyName("total")]
    public long Total { get; init; }
}

/// <summary>What went wrong.</summary>
internal sealed record ProgressError
{
    [JsonPropertyName("message")]
    public string Message { get => field ?? ""; init; }
}

using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>The body of <c>PUT /v1/lock</c>.</summary>
/// <param name="Owner">Null when not given.</param>
/// <param name="Duration">For how long.</param>
/// <param name="Reason">For people, or null.</param>
internal sealed record LockRequest(string? Owner, TimeSpan Duration, string? Reason)
{
    private const int LongestText = 200;
    private const int LongestOwner = 127;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Reads it; exactly one of <c>expires_in</c> and <c>until</c> must be there.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="longest">Longest time a lock may be held without being renewed.</param>
    /// <param name="now">The time, for <c>until</c>.</param>
    public static Result<LockRequest> Read(ReadOnlyMemory<byte> body, TimeSpan longest, DateTimeOffset now) =>
        JsonBody.Read(body, ["owner", "expires_in", "until", "reason"]).Then(members =>
        {
            using (members)
            {
                return Read(members.RootElement, longest, now);
            }
        });

    /// <summary>Whether it may name an owner: short, of one line, and no more blanks than words need.</summary>
    public static bool IsOwner(string owner) => owner.Length is > 0 and <= LongestOwner && owner == OneLine.Of(owner) && owner.Trim() == owner;

    private static Result<LockRequest> Read(JsonElement members, TimeSpan longest, DateTimeOffset now)
    {
        var owner = JsonBody.Text(members, "owner", LongestOwner);
        var reason = JsonBody.Text(members, "reason", LongestText);
        var duration = ReadDuration(members, now);
        return !owner.IsSuccess ? owner.Failures
            : !reason.IsSuccess ? reason.Failures
            : !duration.IsSuccess ? duration.Failures
            : owner.Value is { } name && !IsOwner(name) ? new Failure(Phase.Parse, "owner", "is not a name")
            : duration.Value < Shortest || duration.Value > longest ? new Failure(Phase.Parse, "a lock", $"must end within 1 s to {longest.TotalSeconds:0} s; renew it in time to hold it longer")
            : new LockRequest(owner.Value, duration.Value, reason.Value);
    }

    private static Result<TimeSpan> ReadDuration(JsonElement members, DateTimeOffset now)
    {
        var given = members.TryGetProperty("expires_in", out var length);
        if (given == members.TryGetProperty("until", out var end))
        {
            return new Failure(Phase.Parse, "a lock", "needs its end: either expires_in, seconds or a duration like 1h, or until, an RFC 3339 time");
        }

        if (!given)
        {
            return end.ValueKind == JsonValueKind.String && end.TryGetDateTimeOffset(out var until)
                ? until - now
                : new Failure(Phase.Parse, "until", "must be an RFC 3339 time like 2027-01-31T06:00:00Z");
        }

        var text = length.ValueKind is JsonValueKind.String ? length.GetString()! : length.GetRawText();
        return Durations.TryParse(text, out var duration) ? duration : new Failure(Phase.Parse, "expires_in", "must be a number of seconds, or a duration like 1m30s, 2h, 1d");
    }
}

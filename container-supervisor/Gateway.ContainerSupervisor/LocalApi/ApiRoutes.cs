using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.Report;
using Gateway.ContainerSupervisor.When;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Status;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>What the local interface can do (docs/formats/container-supervisor.md).</summary>
internal sealed class ApiRoutes(string gateway, LockDesk desk, UpdateLocks locks, ServiceReports reports, TimeProvider clock)
{
    private const int LongestMessage = 200;
    private const int LongestWord = 32;

    private static readonly ImmutableDictionary<string, string> Methods = new Dictionary<string, string>
    {
        ["/v1/health"] = "GET",
        ["/v1/whoami"] = "GET",
        ["/v1/locks"] = "GET",
        ["/v1/lock"] = "PUT, DELETE",
        ["/v1/status"] = "GET, PUT",
        ["/v1/missing"] = "GET",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>What was seen last.</summary>
    public required Func<Snapshot> Seen { get; init; }

    /// <summary>Longest time a lock may be held without being renewed.</summary>
    public required TimeSpan LongestLock { get; init; }

    /// <summary>Answers a request.</summary>
    public async Task<ApiAnswer> AnswerAsync(ApiCaller caller, ApiRequest request, CancellationToken cancellation) => (request.Method, request.Path) switch
    {
        ("GET", "/v1/health") => Health(),
        ("GET", "/v1/whoami") => ApiAnswer.Ok(new JsonObject { ["gateway"] = gateway, ["application"] = caller.Application, ["service"] = caller.Service }),
        ("GET", "/v1/locks") => Locks(),
        ("PUT", "/v1/lock") => await TakeAsync(caller, request, cancellation),
        ("DELETE", "/v1/lock") => Release(caller, request),
        ("GET", "/v1/status") => Own(caller) ?? Status(caller),
        ("PUT", "/v1/status") => Own(caller) ?? Report(caller, request),
        ("GET", "/v1/missing") => Own(caller) ?? Missing(caller),
        _ when Methods.TryGetValue(request.Path, out var methods) => ApiAnswer.Error(405, $"{request.Path} takes {methods}"),
        _ => ApiAnswer.Error(404, $"there is no such path; there are {string.Join(", ", Methods.Keys.Order(StringComparer.Ordinal))}"),
    };

    /// <summary>The machine itself has no status and lacks nothing.</summary>
    private static ApiAnswer? Own(ApiCaller caller) =>
        caller.IsHost ? ApiAnswer.Error(400, "this is for a container over a socket of its own (x-gateway-api); for the whole gateway run: container-supervisor status") : null;

    private ApiAnswer Health() => Seen() switch
    {
        { Failure: { } failure } => ApiAnswer.Error(503, failure.ToString()),
        { Observed: null } => ApiAnswer.Error(503, "the Docker engine was not looked at yet"),
        _ => ApiAnswer.Ok(new JsonObject { ["ok"] = true, ["version"] = ProgramVersion.Text }),
    };

    private ApiAnswer Locks()
    {
        var seen = Seen();
        return ApiAnswer.Ok(new JsonObject
        {
            ["locks"] = new JsonArray([.. locks.Held.Select(Json)]),
            ["changing"] = new JsonArray([.. seen.Changing.Select(static name => (JsonNode)name)]),
        });
    }

    private async Task<ApiAnswer> TakeAsync(ApiCaller caller, ApiRequest request, CancellationToken cancellation)
    {
        if (!LockRequest.Read(request.Body, LongestLock, clock.GetUtcNow()).TryGet(out var wanted, out var wrong))
        {
            return Refused(400, wrong);
        }

        if (OwnerOf(caller, wanted.Owner, out var refusal) is not { } owner)
        {
            return refusal!;
        }

        var given = await desk.TakeAsync(owner, wanted.Duration, wanted.Reason, cancellation);
        return given.TryGet(out var held, out wrong) ? ApiAnswer.Ok(Json(held)) : Refused(
            wrong[0].Kind switch
            {
                FailureKind.Conflict => 409,
                FailureKind.Refused or FailureKind.Unavailable => 503,
                _ => 507,
            },
            wrong);
    }

    private ApiAnswer Release(ApiCaller caller, ApiRequest request)
    {
        var named = request.Query.StartsWith("owner=", StringComparison.Ordinal) ? Uri.UnescapeDataString(request.Query["owner=".Length..]) : null;
        if (OwnerOf(caller, named, out var refusal) is not { } owner)
        {
            return refusal!;
        }

        return locks.Release(owner) ? ApiAnswer.Ok(new JsonObject { ["released"] = owner }) : ApiAnswer.Error(404, $"{owner} holds no lock");
    }

    /// <summary>A container is who its socket says; root at the machine may speak for anybody, and has to say for whom.</summary>
    private static string? OwnerOf(ApiCaller caller, string? named, out ApiAnswer? refusal)
    {
        refusal = caller.IsHost
            ? named is null || !LockRequest.IsOwner(named) ? ApiAnswer.Error(400, "over this socket the owner must be named, in the body of PUT or as DELETE /v1/lock?owner=NAME") : null
            : named is not null && named != caller.Name ? ApiAnswer.Error(403, $"this is the socket of {caller.Name}; it takes and releases no locks of others") : null;
        return refusal is not null ? null : caller.IsHost ? named : caller.Name;
    }

    private ApiAnswer Status(ApiCaller caller) => reports.All.TryGetValue(caller.Name, out var report)
        ? ApiAnswer.Ok(new JsonObject { ["state"] = report.State, ["message"] = report.Message, ["time"] = Time(report.Time) })
        : ApiAnswer.Error(404, $"{caller.Name} has not reported a status since the supervisor started");

    private ApiAnswer Report(ApiCaller caller, ApiRequest request)
    {
        var read = JsonBody.Read(request.Body, ["state", "message"]).Then<ServiceReport>(members =>
        {
            using (members)
            {
                var state = JsonBody.Text(members.RootElement, "state", LongestWord);
                var message = JsonBody.Text(members.RootElement, "message", LongestMessage);
                return !state.IsSuccess ? state.Failures
                    : !message.IsSuccess ? message.Failures
                    : IsWord(state.Value) ? new ServiceReport(state.Value!, message.Value, clock.GetUtcNow())
                    : new Failure(Phase.Parse, "state", $"must be a word of 1 to {LongestWord} letters, digits, '-' or '_'");
            }
        });
        if (!read.TryGet(out var report, out var wrong))
        {
            return Refused(400, wrong);
        }

        reports.Put(caller.Name, report);
        return Status(caller);
    }

    private ApiAnswer Missing(ApiCaller caller) => MissingResources.Of(Seen(), caller.Application!, caller.Service!) is { } missing
        ? ApiAnswer.Ok(missing)
        : ApiAnswer.Error(404, $"{caller.Name} is no longer desired, or the gateway was not looked at yet");

    private static bool IsWord(string? text) => text is { Length: > 0 } && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static JsonObject Json(UpdateLock held) => new() { ["owner"] = held.Owner, ["until"] = Time(held.Until), ["reason"] = held.Reason };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static ApiAnswer Refused(int status, ImmutableArray<Failure> wrong) => ApiAnswer.Error(status, wrong[0].ToString());
}

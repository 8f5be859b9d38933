using System.Text;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.LocalApi;
using Gateway.ContainerSupervisor.Report;
using Gateway.ContainerSupervisor.When;
using Gateway.UnitTests.ContainerSupervisor.When;
using Serilog.Core;

namespace Gateway.UnitTests.ContainerSupervisor.LocalApi;

public sealed class ApiRoutesTests : IDisposable
{
    private static readonly ApiCaller Db = new("metering", "db");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-routes-");
    private readonly SettableClock clock = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));
    private readonly UpdateLocks locks;
    private readonly ServiceReports reports = new();
    private readonly ApiRoutes routes;
    private Func<Snapshot> nextRound = () => Snapshot.None;

    public ApiRoutesTests()
    {
        locks = new UpdateLocks(new LockStore(folder.FullName), clock, Logger.None);
        var desk = new LockDesk(locks) { NextRound = _ => Task.FromResult(nextRound()) };
        routes = new ApiRoutes("gw-1", desk, locks, reports, clock) { Seen = () => Snapshot.None, LongestLock = TimeSpan.FromHours(24) };
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_container_is_who_its_socket_says()
    {
        Assert.Equal("""{"gateway":"gw-1","application":"metering","service":"db"}""", (await AskAsync(Db, "GET", "/v1/whoami")).Body.ToJsonString());
        Assert.Equal("""{"gateway":"gw-1","application":null,"service":null}""", (await AskAsync(ApiCaller.Host, "GET", "/v1/whoami")).Body.ToJsonString());
    }

    [Fact]
    public async Task A_lock_is_given_shown_and_released()
    {
        var given = await AskAsync(Db, "PUT", "/v1/lock", """{"expires_in":"1h","reason":"in production"}""");
        Assert.Equal((200, """{"owner":"metering/db","until":"2026-03-02T11:00:00Z","reason":"in production"}"""), (given.Status, given.Body.ToJsonString()));
        Assert.Equal(200, (await AskAsync(ApiCaller.Host, "PUT", "/v1/lock", """{"owner":"press","until":"2026-03-02T10:30:00Z"}""")).Status);
        Assert.Equal(2, (await AskAsync(Db, "GET", "/v1/locks")).Body["locks"]!.AsArray().Count);
        Assert.Equal(200, (await AskAsync(Db, "DELETE", "/v1/lock")).Status);
        Assert.Equal(404, (await AskAsync(Db, "DELETE", "/v1/lock")).Status);
        Assert.Equal("press", Assert.Single(locks.Held).Owner);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"expires_in":60,"until":"2026-03-02T10:30:00Z"}""")]
    [InlineData("""{"expires_in":"soon"}""")]
    [InlineData("""{"expires_in":0}""")]
    [InlineData("""{"expires_in":"25h"}""")]
    [InlineData("""{"until":"2026-03-02T09:59:00Z"}""")]
    [InlineData("""{"until":"2027-03-02T10:00:00Z"}""")]
    [InlineData("""{"expires_in":60,"expires_in":60}""")]
    [InlineData("""{"expires_in":60,"wish":1}""")]
    [InlineData("""{"expires_in":{"a":{"b":{"c":{"d":1}}}}}""")]
    public async Task A_lock_without_a_bounded_end_is_refused_with_the_reason(string body)
    {
        var refused = await AskAsync(Db, "PUT", "/v1/lock", body);
        Assert.Equal(400, refused.Status);
        Assert.NotEqual("", (string?)refused.Body["error"]);
        Assert.Empty(locks.Held);
    }

    [Fact]
    public async Task A_container_takes_and_releases_its_own_lock_only()
    {
        Assert.Equal(200, (await AskAsync(ApiCaller.Host, "PUT", "/v1/lock", """{"owner":"press","expires_in":60}""")).Status);
        Assert.Equal(403, (await AskAsync(Db, "PUT", "/v1/lock", """{"owner":"press","expires_in":60}""")).Status);
        Assert.Equal(403, (await AskAsync(Db, "DELETE", "/v1/lock", query: "owner=press")).Status);
        Assert.Equal(400, (await AskAsync(ApiCaller.Host, "DELETE", "/v1/lock")).Status);
        Assert.Equal("press", Assert.Single(locks.Held).Owner);
        // Root at the machine ends a container's.
        Assert.Equal(200, (await AskAsync(Db, "PUT", "/v1/lock", """{"expires_in":60}""")).Status);
        Assert.Equal(200, (await AskAsync(ApiCaller.Host, "DELETE", "/v1/lock", query: "owner=metering%2Fdb")).Status);
    }

    [Fact]
    public async Task While_a_change_is_under_way_no_lock_is_given_and_an_older_one_stays_as_it_was()
    {
        Assert.Equal(200, (await AskAsync(Db, "PUT", "/v1/lock", """{"expires_in":60}""")).Status);
        var before = locks.Held;
        nextRound = () =>
        {
            // The plan that decides must already know of the lock.
            Assert.Equal(TimeSpan.FromHours(1), Assert.Single(locks.Held).Until - clock.Now);
            return Snapshot.None with { Changing = ["metering"] };
        };
        var refused = await AskAsync(Db, "PUT", "/v1/lock", """{"expires_in":3600}""");
        Assert.Equal((409, "metering: a change has begun; try again when it has ended"), (refused.Status, (string?)refused.Body["error"]));
        Assert.Equal<UpdateLock>(before, locks.Held);
    }

    [Fact]
    public async Task When_the_engine_does_not_answer_no_lock_is_given()
    {
        nextRound = () => throw new OperationCanceledException();
        Assert.Equal(503, (await AskAsync(Db, "PUT", "/v1/lock", """{"expires_in":60}""")).Status);
        Assert.Empty(locks.Held);
    }

    [Fact]
    public async Task A_container_reports_its_status()
    {
        Assert.Equal(404, (await AskAsync(Db, "GET", "/v1/status")).Status);
        Assert.Equal(200, (await AskAsync(Db, "PUT", "/v1/status", """{"state":"calibrating","message":"line 1\nline 2"}""")).Status);
        Assert.Equal(("calibrating", "line 1; line 2"), (reports.All["metering/db"].State, reports.All["metering/db"].Message));
        Assert.Equal(400, (await AskAsync(Db, "PUT", "/v1/status", """{"state":"two words"}""")).Status);
        Assert.Equal(400, (await AskAsync(Db, "PUT", "/v1/status", $$"""{"state":"x","message":"{{new string('x', 201)}}"}""")).Status);
        Assert.Equal(400, (await AskAsync(ApiCaller.Host, "PUT", "/v1/status", """{"state":"x"}""")).Status);
        reports.Keep(new HashSet<string>());
        Assert.Empty(reports.All);
    }

    [Fact]
    public async Task Wrong_paths_and_methods_are_told_apart()
    {
        Assert.Equal(404, (await AskAsync(Db, "GET", "/v2/lock")).Status);
        Assert.Equal((405, "/v1/lock takes PUT, DELETE"), ((await AskAsync(Db, "POST", "/v1/lock")).Status, (string?)(await AskAsync(Db, "POST", "/v1/lock")).Body["error"]));
    }

    private Task<ApiAnswer> AskAsync(ApiCaller caller, string method, string path, string body = "", string query = "") =>
        routes.AnswerAsync(caller, new ApiRequest(method, path, query, Encoding.UTF8.GetBytes(body)), CancellationToken.None);
}

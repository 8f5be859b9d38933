using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>Containers: <c>/containers</c>. A container is named by its name or id.</summary>
public sealed class ContainerApi
{
    private readonly EngineConnection connection;

    internal ContainerApi(EngineConnection connection) => this.connection = connection;

    /// <summary>All containers, or those that run; <paramref name="labels"/> (<c>name</c> or <c>name=value</c>) must all match.</summary>
    public async Task<Result<ImmutableArray<ContainerSummary>>> ListAsync(ImmutableArray<string> labels = default, bool all = true, CancellationToken cancel = default)
    {
        var query = new Query().Add("all", all).Filters(("label", labels));
        var answer = await connection.ReadAsync(new EngineCall(HttpMethod.Get, $"/containers/json{query}", "containers"), EngineJson.Default.ContainerSummaryArray, cancel);
        return answer.Then<ImmutableArray<ContainerSummary>>(static list => ImmutableArray.Create(list));
    }

    /// <summary>Everything about one container.</summary>
    public Task<Result<ContainerDetails>> InspectAsync(string container, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Get, container, "/json"), EngineJson.Default.ContainerDetails, cancel);

    /// <summary>Creates a container; its image must be there already. A taken name is <see cref="FailureKind.Conflict"/>.</summary>
    public Task<Result<CreatedContainer>> CreateAsync(string name, ContainerSpec spec, CancellationToken cancel = default) =>
        CreateAsync(name, spec.ToJson(), cancel);

    /// <summary>Creates a container from a create body as the Engine takes it.</summary>
    public Task<Result<CreatedContainer>> CreateAsync(string name, JsonObject body, CancellationToken cancel = default)
    {
        var checkedName = EngineNames.Path(Phase.Apply, "container", name, "/containers/create?name=");
        var call = checkedName.Then<EngineCall>(path => new EngineCall(HttpMethod.Post, path, $"container {name}").With(body, EngineJson.Default.JsonObject));
        return connection.OfAsync(call, EngineJson.Default.CreatedContainer, cancel);
    }

    /// <summary>Starts it; one that runs already is left alone.</summary>
    public Task<Result<Nothing>> StartAsync(string container, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Post, container, "/start"), cancel);

    /// <summary>
    /// Stops it: its stop signal, then after <paramref name="grace"/> a kill; without a grace the container's own counts. One that does not
    /// run is left alone.
    /// </summary>
    public Task<Result<Nothing>> StopAsync(string container, TimeSpan? grace = null, CancellationToken cancel = default) =>
        connection.OfAsync(WithGrace(container, "/stop", grace), cancel);

    /// <summary>Stops and starts it.</summary>
    public Task<Result<Nothing>> RestartAsync(string container, TimeSpan? grace = null, CancellationToken cancel = default) =>
        connection.OfAsync(WithGrace(container, "/restart", grace), cancel);

    /// <summary>Lets a paused one go on; one that is not paused is <see cref="FailureKind.Conflict"/> or refused, by the engine's version.</summary>
    public Task<Result<Nothing>> UnpauseAsync(string container, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Post, container, "/unpause"), cancel);

    /// <summary>Sends a signal: <c>SIGKILL</c>, <c>SIGHUP</c>, …; one that does not run is <see cref="FailureKind.Conflict"/>.</summary>
    public Task<Result<Nothing>> KillAsync(string container, string signal = "SIGKILL", CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Post, container, $"/kill{new Query().Add("signal", signal)}"), cancel);

    /// <summary>Gives it another name; a taken one is <see cref="FailureKind.Conflict"/>.</summary>
    public Task<Result<Nothing>> RenameAsync(string container, string newName, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Post, container, $"/rename{new Query().Add("name", newName)}"), cancel);

    /// <summary>
    /// Removes it. One that runs is <see cref="FailureKind.Conflict"/> unless <paramref name="force"/> kills it;
    /// <paramref name="volumes"/> takes its anonymous volumes along.
    /// </summary>
    public Task<Result<Nothing>> RemoveAsync(string container, bool force = false, bool volumes = false, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Delete, container, new Query().Add("force", force).Add("v", volumes).ToString()), cancel);

    /// <summary>Waits, as long as it takes, and gives the exit code.</summary>
    public async Task<Result<long>> WaitAsync(string container, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancel = default)
    {
        var name = condition switch
        {
            WaitCondition.NextExit => "next-exit",
            WaitCondition.Removed => "removed",
            _ => "not-running",
        };
        var call = Call(HttpMethod.Post, container, $"/wait?condition={name}").Then<EngineCall>(static call => call with { Timeout = Timeout.InfiniteTimeSpan });
        var answer = await connection.OfAsync(call, EngineJson.Default.WaitAnswer, cancel);
        return answer.Then<long>(answer => answer.Error is { Message.Length: > 0 } error
            ? new Failure(Phase.Observe, $"container {container}", $"the Docker engine says: {OneLine.Of(error.Message)}")
            : answer.StatusCode);
    }

    /// <summary>Changes when the engine restarts it by itself; the container goes on running.</summary>
    public Task<Result<Nothing>> UpdateRestartPolicyAsync(string container, RestartPolicySpec policy, CancellationToken cancel = default) =>
        connection.OfAsync(
            Call(HttpMethod.Post, container, "/update").Then<EngineCall>(call => call.With(new RestartPolicyUpdate(policy), EngineJson.Default.RestartPolicyUpdate)),
            cancel);

    /// <summary>What it has written so far.</summary>
    public async Task<Result<ContainerLogs>> LogsAsync(string container, LogQuery query, CancellationToken cancel = default)
    {
        var opened = await LogStreamAsync(container, query, follow: false, cancel);
        if (!opened.TryGet(out var stream, out var wrong))
        {
            return wrong;
        }

        var lines = ImmutableArray.CreateBuilder<LogLine>();
        await foreach (var batch in stream.BatchesAsync(query.MaxBytes, connection.Options.ReadTimeout, cancel))
        {
            if (!batch.TryGet(out var more, out wrong))
            {
                return wrong;
            }

            lines.AddRange(more);
        }

        return new ContainerLogs(lines.DrainToImmutable(), stream.IsTruncated);
    }

    /// <summary>
    /// What it has written and goes on to write, line by line, until it ends or the token is cancelled (which throws);
    /// <see cref="LogQuery.MaxBytes"/> does not count here. A failure is the last element.
    /// </summary>
    public async IAsyncEnumerable<Result<LogLine>> FollowLogsAsync(string container, LogQuery query, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var opened = await LogStreamAsync(container, query, follow: true, cancel);
        if (!opened.TryGet(out var stream, out var wrong))
        {
            yield return wrong;
            yield break;
        }

        await foreach (var batch in stream.BatchesAsync(long.MaxValue, stall: null, cancel))
        {
            if (!batch.TryGet(out var lines, out wrong))
            {
                yield return wrong;
                yield break;
            }

            foreach (var line in lines)
            {
                yield return line;
            }
        }
    }

    private static Result<EngineCall> Call(HttpMethod method, string container, string after) =>
        EngineNames.Path(method == HttpMethod.Get ? Phase.Observe : Phase.Apply, "container", container, "/containers/", after)
            .Then<EngineCall>(path => new EngineCall(method, path, $"container {container}"));

    private Result<EngineCall> WithGrace(string container, string what, TimeSpan? grace)
    {
        var seconds = grace is { } given ? Math.Max(0, (int)Math.Ceiling(given.TotalSeconds)) : (int?)null;
        var query = new Query().Add("t", seconds?.ToString(CultureInfo.InvariantCulture));
        // Without a grace of ours the container's own counts, which is not known here: allow for a long one.
        var timeout = connection.Options.ChangeTimeout + TimeSpan.FromSeconds(seconds ?? 600);
        return Call(HttpMethod.Post, container, what + query).Then<EngineCall>(call => call with { Timeout = timeout });
    }

    /// <summary>Whether the stream is in frames depends on the container's terminal; engines before API 1.42 do not say so in the answer.</summary>
    private async Task<Result<LogStream>> LogStreamAsync(string container, LogQuery query, bool follow, CancellationToken cancel)
    {
        var text = new Query()
            .Add("stdout", "1")
            .Add("stderr", "1")
            .Add("follow", follow)
            .Add("tail", query.Tail?.ToString(CultureInfo.InvariantCulture) ?? "all")
            .Add("since", query.Since is { } since ? EngineTime.Of(since) : null);
        var inspected = await InspectAsync(container, cancel);
        return inspected.Then<LogStream>(details =>
            new LogStream(connection, new EngineCall(HttpMethod.Get, $"/containers/{details.Id}/logs{text}", $"container {container}"), details.Config.Tty));
    }
}

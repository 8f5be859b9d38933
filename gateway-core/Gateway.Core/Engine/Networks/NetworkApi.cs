using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>Networks: <c>/networks</c>. A network is named by its name or id.</summary>
public sealed class NetworkApi
{
    private readonly EngineConnection connection;

    internal NetworkApi(EngineConnection connection) => this.connection = connection;

    /// <summary>All networks; <paramref name="labels"/> (<c>name</c> or <c>name=value</c>) must all match.</summary>
    public async Task<Result<ImmutableArray<NetworkDetails>>> ListAsync(ImmutableArray<string> labels = default, CancellationToken cancel = default)
    {
        var query = new Query().Filters(("label", labels));
        var answer = await connection.ReadAsync(new EngineCall(HttpMethod.Get, $"/networks{query}", "networks"), EngineJson.Default.NetworkDetailsArray, cancel);
        return answer.Then<ImmutableArray<NetworkDetails>>(static list => ImmutableArray.Create(list));
    }

    public Task<Result<NetworkDetails>> InspectAsync(string network, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Get, network, ""), EngineJson.Default.NetworkDetails, cancel);

    /// <summary>Creates it; a taken name is <see cref="FailureKind.Conflict"/>.</summary>
    public Task<Result<CreatedNetwork>> CreateAsync(NetworkSpec spec, CancellationToken cancel = default) =>
        connection.ReadAsync(
            new EngineCall(HttpMethod.Post, "/networks/create", $"network {spec.Name}").With(spec, EngineJson.Default.NetworkSpec),
            EngineJson.Default.CreatedNetwork,
            cancel);

    /// <summary>Creates it from a body as the Engine takes it.</summary>
    public Task<Result<CreatedNetwork>> CreateAsync(string name, JsonObject body, CancellationToken cancel = default) =>
        connection.ReadAsync(
            new EngineCall(HttpMethod.Post, "/networks/create", $"network {name}").With(body, EngineJson.Default.JsonObject),
            EngineJson.Default.CreatedNetwork,
            cancel);

    /// <summary>Removes it; one with containers in it is refused.</summary>
    public Task<Result<Nothing>> RemoveAsync(string network, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Delete, network, ""), cancel);

    /// <summary>Puts a container into it, running or not.</summary>
    public Task<Result<Nothing>> ConnectAsync(string network, string container, EndpointSpec? endpoint = null, CancellationToken cancel = default) =>
        connection.OfAsync(
            Call(HttpMethod.Post, network, "/connect").Then<EngineCall>(call =>
                call.With(new NetworkConnection(container) { EndpointConfig = endpoint }, EngineJson.Default.NetworkConnection)),
            cancel);

    /// <summary>Puts a container into it, with an <c>EndpointConfig</c> as the Engine takes it.</summary>
    public Task<Result<Nothing>> ConnectAsync(string network, string container, JsonObject endpoint, CancellationToken cancel = default)
    {
        var body = new JsonObject { ["Container"] = container, ["EndpointConfig"] = endpoint.DeepClone() };
        return connection.OfAsync(
            Call(HttpMethod.Post, network, "/connect").Then<EngineCall>(call => call.With(body, EngineJson.Default.JsonObject)), cancel);
    }

    /// <summary>Takes a container out of it.</summary>
    public Task<Result<Nothing>> DisconnectAsync(string network, string container, bool force = false, CancellationToken cancel = default) =>
        connection.OfAsync(
            Call(HttpMethod.Post, network, "/disconnect").Then<EngineCall>(call =>
                call.With(new NetworkConnection(container) { Force = force }, EngineJson.Default.NetworkConnection)),
            cancel);

    private static Result<EngineCall> Call(HttpMethod method, string network, string after) =>
        EngineNames.Path(method == HttpMethod.Get ? Phase.Observe : Phase.Apply, "network", network, "/networks/", after)
            .Then<EngineCall>(path => new EngineCall(method, path, $"network {network}"));
}

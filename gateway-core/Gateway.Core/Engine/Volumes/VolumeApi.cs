using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>Volumes: <c>/volumes</c>.</summary>
public sealed class VolumeApi
{
    private readonly EngineConnection connection;

    internal VolumeApi(EngineConnection connection) => this.connection = connection;

    /// <summary>All volumes; <paramref name="labels"/> (<c>name</c> or <c>name=value</c>) must all match.</summary>
    public async Task<Result<ImmutableArray<VolumeDetails>>> ListAsync(ImmutableArray<string> labels = default, CancellationToken cancel = default)
    {
        var query = new Query().Filters(("label", labels));
        var answer = await connection.ReadAsync(new EngineCall(HttpMethod.Get, $"/volumes{query}", "volumes"), EngineJson.Default.VolumeList, cancel);
        return answer.Then<ImmutableArray<VolumeDetails>>(static list => list.Volumes.ToImmutableArray());
    }

    public Task<Result<VolumeDetails>> InspectAsync(string volume, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Get, volume, ""), EngineJson.Default.VolumeDetails, cancel);

    /// <summary>Creates it; one that is there already with the same driver comes back as it is.</summary>
    public Task<Result<VolumeDetails>> CreateAsync(VolumeSpec spec, CancellationToken cancel = default) =>
        connection.ReadAsync(
            new EngineCall(HttpMethod.Post, "/volumes/create", $"volume {spec.Name}").With(spec, EngineJson.Default.VolumeSpec),
            EngineJson.Default.VolumeDetails,
            cancel);

    /// <summary>Creates it from a body as the Engine takes it.</summary>
    public Task<Result<VolumeDetails>> CreateAsync(string name, JsonObject body, CancellationToken cancel = default) =>
        connection.ReadAsync(
            new EngineCall(HttpMethod.Post, "/volumes/create", $"volume {name}").With(body, EngineJson.Default.JsonObject),
            EngineJson.Default.VolumeDetails,
            cancel);

    /// <summary>Removes it with its content; one that a container uses is <see cref="FailureKind.Conflict"/>.</summary>
    public Task<Result<Nothing>> RemoveAsync(string volume, bool force = false, CancellationToken cancel = default) =>
        connection.OfAsync(Call(HttpMethod.Delete, volume, new Query().Add("force", force).ToString()), cancel);

    private static Result<EngineCall> Call(HttpMethod method, string volume, string after) =>
        EngineNames.Path(method == HttpMethod.Get ? Phase.Observe : Phase.Apply, "volume", volume, "/volumes/", after)
            .Then<EngineCall>(path => new EngineCall(method, path, $"volume {volume}"));
}

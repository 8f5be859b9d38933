using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>What one application is made of, as the engine takes it: one that is desired, or the last good one.</summary>
/// <param name="Specs">Its services in start order.</param>
/// <param name="Networks">Its own networks.</param>
/// <param name="Volumes">Its own volumes.</param>
internal sealed record Release(ImmutableArray<ContainerSpec> Specs, ImmutableArray<SharedThing> Networks, ImmutableArray<SharedThing> Volumes)
{
    public string Fingerprint { get; } = Updates.Fingerprint.Of(Specs.Select(spec => (spec.Service.Name, spec.ConfigHash)));

    /// <summary>Services of which no more is known than their containers: these cannot be made again.</summary>
    public ImmutableHashSet<string> Undefined { get; init; } = [];

    /// <summary>References of all its images.</summary>
    public IEnumerable<string> Images => Specs.Select(spec => spec.Service.Image.Pull).Distinct(StringComparer.Ordinal);

    /// <summary>The last good release.</summary>
    public static Release LastGood(ApplicationRecord record, ImmutableDictionary<string, string?> devices) => new(
        [.. record.Committed.Select(service => service.Definition is null ? Bare(service) : ContainerSpecBuilder.Placed(DefinitionJson.Read(service), devices))],
        [.. record.Networks.Select(Thing)],
        [.. record.Volumes.Select(Thing)])
    {
        Undefined = record.Committed.Where(service => service.Definition is null).Select(service => service.Service).ToImmutableHashSet(StringComparer.Ordinal),
    };

    /// <summary>The same as the record keeps it.</summary>
    /// <param name="application">Where it comes from, with its networks as the engine names them.</param>
    /// <param name="folders">Where containers are given files from.</param>
    public ImmutableArray<CommittedService> Kept(Application application, HostFolders folders) =>
    [
        .. Specs.Select(spec => new CommittedService(
            spec.Service.Name, spec.ConfigHash, spec.Service.ContainerName, spec.Service.Image.Pull, spec.OneShot || spec.Service.Restart?.Name == "on-failure")
        {
            Definition = DefinitionJson.Write(spec.Service.Devices.IsEmpty ? spec : ContainerSpecBuilder.Build(application, spec.Service, ImmutableDictionary<string, string?>.Empty, folders)),
        }),
    ];

    private static SharedThing Thing(CommittedThing kept) => new(kept.Name, (JsonObject)JsonNode.Parse(kept.Body)!);

    private static ContainerSpec Bare(CommittedService service) => new(
        new Service { Name = service.Service, ContainerName = service.Container, Image = DefinitionJson.Reference(service.Image), At = Core.Reports.Position.Of("the last good release") },
        service.ConfigHash, [], [], [], [], service.OneShot);
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>
/// A desired application ready for planning. Making bodies and hashing them is most of what a plan costs, and depends on
/// nothing but the document, where its devices are, and which names its networks have: so it is done once for each.
/// </summary>
/// <param name="Application">With its networks as the engine names them.</param>
/// <param name="Release">What it is made of.</param>
/// <param name="Violations">What the local policy has against it.</param>
internal sealed record Blueprint(Application Application, Release Release, ImmutableArray<PolicyViolation> Violations)
{
    private static readonly ConditionalWeakTable<Application, Memory> Made = [];

    private sealed record Memory(NetworkNames Names, string Key, LocalPolicy Policy, HostFolders Folders, Blueprint Blueprint);

    public static Blueprint Of(Application application, World world, PlanInput input)
    {
        var names = Made.TryGetValue(application, out var memory) ? memory.Names : NetworkNames.Of(application);
        var named = names.Resolve(application, world);
        var key = Key(application, named, world.Observed);
        if (memory is not null && memory.Key == key && ReferenceEquals(memory.Policy, input.Policy) && memory.Folders == input.Folders)
        {
            return memory.Blueprint;
        }

        var release = new Release(
            [.. StartOrder.Of(named.Services).Select(service => ContainerSpecBuilder.Build(named, service, world.Observed.Devices, input.Folders))],
            [.. named.Networks.Where(network => !network.External).Select(network => new SharedThing(network.Name, SharedSpecs.Network(named, network)))],
            [.. named.Volumes.Where(volume => !volume.External).Select(volume => new SharedThing(volume.Name, SharedSpecs.Volume(named, volume)))]);
        var made = new Blueprint(named, release, PolicyCheck.Check(named, release.Specs, input.Policy));
        Made.AddOrUpdate(application, new Memory(names, key, input.Policy, input.Folders, made));
        return made;
    }

    private static string Key(Application given, Application named, ObservedState observed)
    {
        var key = ReferenceEquals(given, named) ? "" : string.Join(',', named.Networks.Select(network => network.Name));
        foreach (var service in given.Services)
        {
            key = service.Devices.IsEmpty ? key : $"{key};{ContainerSpecBuilder.FoundAt(service, observed.Devices)}";
        }

        return key;
    }
}

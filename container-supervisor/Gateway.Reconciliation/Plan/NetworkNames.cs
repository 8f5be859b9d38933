using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>
/// What the engine calls an application's own networks. A network's settings cannot be changed, and containers on it can
/// go back only as long as it is there. So while the name is held by one with other settings, the new one stands beside it
/// as <c>&lt;name&gt;.&lt;first 8 digits of its settings' hash&gt;</c>, and keeps that name for as long as it lives.
/// </summary>
internal sealed class NetworkNames
{
    private readonly ImmutableArray<Choice?> choices;

    private NetworkNames(ImmutableArray<Choice?> choices) => this.choices = choices;

    private sealed record Choice(SharedThing Plain, SharedThing Other);

    public static NetworkNames Of(Application application) => new([.. application.Networks.Select(network => network.External ? null : Choices(application, network))]);

    /// <summary>The same object when all have their plain names.</summary>
    public Application Resolve(Application application, World world)
    {
        var networks = application.Networks;
        for (var i = 0; i < choices.Length; i++)
        {
            if (choices[i] is { } choice && !IsPlain(choice, application.Name, world))
            {
                networks = networks.SetItem(i, networks[i] with { Name = choice.Other.Name });
            }
        }

        return networks == application.Networks ? application : application with { Networks = networks };
    }

    private static bool IsPlain(Choice choice, string application, World world)
    {
        var there = world.Network(choice.Plain.Name);
        return there is null ? !Is(world.Network(choice.Other.Name)?.Labels, choice.Other, application)
            : there.Labels.GetValueOrDefault(GatewayLabels.Application) != application || Is(there.Labels, choice.Plain, application);
    }

    private static bool Is(ImmutableSortedDictionary<string, string>? labels, SharedThing wanted, string application) =>
        labels is not null && labels.GetValueOrDefault(GatewayLabels.Application) == application && labels.GetValueOrDefault(GatewayLabels.Config) == wanted.ConfigHash;

    private static Choice Choices(Application application, NetworkDefinition network)
    {
        var plain = new SharedThing(network.Name, SharedSpecs.Network(application, network));
        var name = $"{network.Name}.{plain.ConfigHash[..8]}";
        return new Choice(plain, new SharedThing(name, SharedSpecs.Network(application, network with { Name = name })));
    }
}

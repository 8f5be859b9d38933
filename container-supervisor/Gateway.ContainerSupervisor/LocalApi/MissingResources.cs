using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.ContainerSupervisor.Execute;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>What a service that is desired lacks on this gateway. Pure.</summary>
internal static class MissingResources
{
    /// <summary><c>{"devices":[…],"networks":[…],"images":[…],"dependencies":[…]}</c>; null when no such service is desired or nothing is known yet.</summary>
    public static JsonObject? Of(Snapshot seen, string application, string service)
    {
        if (seen is not { Observed: { } observed, Plan: { } plan } || seen.Desired?[application] is not { } wanted || wanted[service] is not { } found)
        {
            return null;
        }

        var containers = plan.Applications.FirstOrDefault(planned => planned.Name == application)?.Services ?? [];
        return new JsonObject
        {
            ["devices"] = List(found.Devices.Select(static device => device.Source).Where(source => observed.Devices.GetValueOrDefault(source) is null)),
            ["networks"] = List(found.Networks.Select(use => wanted.Networks.FirstOrDefault(network => network.Key == use.Network)?.Name).OfType<string>().Where(name => observed.Networks.All(network => network.Name != name))),
            ["images"] = List(IsThere(found.Image, observed) ? [] : [found.Image.ToString()]),
            ["dependencies"] = List(found.DependsOn.Where(dependency => !IsMet(dependency, containers)).Select(static dependency => dependency.Service)),
        };
    }

    private static bool IsThere(ImageReference image, ObservedState observed) =>
        observed.Images.Any(there => there.Tags.Concat(there.Digests).Any(name => name == image.Pull || (ImageReference.TryParse(name, out var other) && other.Pull == image.Pull)));

    private static bool IsMet(Dependency dependency, ImmutableArray<ServicePlan> services)
    {
        var container = services.FirstOrDefault(other => other.Name == dependency.Service)?.Container;
        return dependency.Condition switch
        {
            DependencyCondition.CompletedSuccessfully => container is { State: ContainerState.Exited, ExitCode: 0 },
            DependencyCondition.Healthy => container is { State: ContainerState.Running, Health: ContainerHealth.Healthy or ContainerHealth.None },
            _ => container is { State: ContainerState.Running },
        };
    }

    private static JsonArray List(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Select(static name => (JsonNode)name)];
}

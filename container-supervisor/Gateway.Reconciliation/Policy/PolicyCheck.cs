using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Policy;

/// <summary>
/// Judges an application by the local policy. It judges the very bodies that would be sent to the engine, whatever
/// they were made from, by a list of what is known to be harmless: an option it does not know is refused.
/// </summary>
public static class PolicyCheck
{
    private static readonly ImmutableHashSet<string> NetworkOptions =
    [
        "com.docker.network.driver.mtu",
        "com.docker.network.bridge.enable_icc",
        "com.docker.network.bridge.enable_ip_masquerade",
        "com.docker.network.bridge.host_binding_ipv4",
    ];

    /// <summary>Everything the policy does not allow; empty when the application may run.</summary>
    /// <param name="application">The application.</param>
    /// <param name="specs">Its services as they would be made.</param>
    /// <param name="policy">What is allowed.</param>
    public static ImmutableArray<PolicyViolation> Check(Application application, IEnumerable<ContainerSpec> specs, LocalPolicy policy)
    {
        var found = ImmutableArray.CreateBuilder<PolicyViolation>();
        foreach (var spec in specs)
        {
            var subject = $"{application.Name}/{spec.Service.Name} ({spec.Service.At})";
            Image(spec.Service.Image, policy, (rule, message) => found.Add(new PolicyViolation(subject, rule, OneLine.Of(message))));
            var body = new BodyPolicy(spec, policy, (rule, message) => found.Add(new PolicyViolation(subject, rule, OneLine.Of(message))));
            body.Check();
        }

        foreach (var volume in application.Volumes.Where(volume => !volume.External))
        {
            VolumePolicy.Check(volume.Driver, volume.Options, policy, (rule, message) =>
                found.Add(new PolicyViolation($"{application.Name} ({volume.At})", rule, OneLine.Of($"volume '{volume.Key}': {message}"))));
        }

        foreach (var network in application.Networks.Where(network => !network.External))
        {
            Network(network, policy, (rule, message) =>
                found.Add(new PolicyViolation($"{application.Name} ({network.At})", rule, OneLine.Of($"network '{network.Key}': {message}"))));
        }

        return found.ToImmutable();
    }

    /// <summary>Volumes that are there already are judged by what they are: one made by somebody else may be a folder of the host.</summary>
    public static ImmutableArray<PolicyViolation> CheckVolumes(Application application, IEnumerable<ObservedVolume> volumes, LocalPolicy policy)
    {
        var found = ImmutableArray.CreateBuilder<PolicyViolation>();
        foreach (var volume in volumes)
        {
            VolumePolicy.Check(volume.Driver, volume.Options, policy, (rule, message) =>
                found.Add(new PolicyViolation(application.Name, rule, OneLine.Of($"volume '{volume.Name}' of this engine: {message}"))));
        }

        return found.ToImmutable();
    }

    private static void Image(ImageReference image, LocalPolicy policy, Action<string, string> refuse)
    {
        if (policy.RequireDigest && image.Digest is null)
        {
            refuse("require_digest", $"image '{image}' has no digest; write {image}@sha256:…");
        }

        if (policy.AllowedRegistries is { } registries && !registries.Any(entry => PathRules.Matches("/" + entry.TrimEnd('/').ToLowerInvariant(), "/" + image.Name, out _)))
        {
            refuse("allowed_registries", image.IsId
                ? $"image '{image}' is of no registry, and only some are allowed; write registry/name@{image}"
                : $"image '{image}' is of registry '{image.Registry}', which is not allowed");
        }
    }

    private static void Network(NetworkDefinition network, LocalPolicy policy, Action<string, string> refuse)
    {
        if (network.Driver != "bridge" && !policy.HostNamespaces)
        {
            refuse("policy.host_namespaces", $"driver '{network.Driver}' reaches the host's own networks; use bridge");
        }

        foreach (var option in network.Options.Keys.Where(option => !NetworkOptions.Contains(option)))
        {
            refuse("policy", $"driver option '{option}' is not known to be harmless");
        }
    }
}

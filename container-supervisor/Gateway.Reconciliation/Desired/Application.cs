using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Reconciliation.Desired;

/// <summary>Services that work together; updated, committed and rolled back as one, independent of every other application.</summary>
/// <param name="Name">Its name: lower-case letters, digits, <c>_</c>, <c>-</c>.</param>
/// <param name="Version">What the operator calls this version, for people; null when not given.</param>
/// <param name="Services">The services, sorted by name.</param>
/// <param name="Volumes">Named volumes, sorted by key.</param>
/// <param name="Networks">Networks, sorted by key; always holds <c>default</c> when a service uses it.</param>
/// <param name="Release">Where it comes from, for the label <c>io.gateway.release</c>: <c>gateway:7</c>.</param>
/// <param name="At">Where it stands.</param>
public sealed record Application(
    string Name,
    string? Version,
    ImmutableArray<Service> Services,
    ImmutableArray<VolumeDefinition> Volumes,
    ImmutableArray<NetworkDefinition> Networks,
    string Release,
    Position At)
{
    /// <summary>Of the document it comes from.</summary>
    public Urgency Urgency { get; init; }

    /// <summary>The service of that name, or null.</summary>
    public Service? this[string name] => Services.FirstOrDefault(service => service.Name == name);
}

/// <summary>An entry of <c>volumes:</c>.</summary>
/// <param name="Key">What services call it.</param>
/// <param name="Name">What the engine calls it: <c>&lt;application&gt;_&lt;key&gt;</c> unless <c>name</c> is given.</param>
/// <param name="External">Made by somebody else: must be there, is never made nor removed.</param>
/// <param name="Driver">The driver, <c>local</c> when not given.</param>
/// <param name="Options">The driver's options.</param>
/// <param name="Labels">Labels besides ours.</param>
/// <param name="At">Where it stands.</param>
public sealed record VolumeDefinition(
    string Key,
    string Name,
    bool External,
    string Driver,
    ImmutableSortedDictionary<string, string> Options,
    ImmutableSortedDictionary<string, string> Labels,
    Position At);

/// <summary>An entry of <c>networks:</c>.</summary>
/// <param name="Key">What services call it.</param>
/// <param name="Name">What the engine calls it: <c>&lt;application&gt;_&lt;key&gt;</c> unless <c>name</c> is given.</param>
/// <param name="External">Made by somebody else: must be there, is never made nor removed.</param>
/// <param name="Driver">The driver, <c>bridge</c> when not given.</param>
/// <param name="Internal">Whether it is cut off from the outside.</param>
/// <param name="Ipv6">Whether IPv6 is on.</param>
/// <param name="Options">The driver's options.</param>
/// <param name="Subnets">Address pools.</param>
/// <param name="Labels">Labels besides ours.</param>
/// <param name="At">Where it stands.</param>
public sealed record NetworkDefinition(
    string Key,
    string Name,
    bool External,
    string Driver,
    bool Internal,
    bool Ipv6,
    ImmutableSortedDictionary<string, string> Options,
    ImmutableArray<Subnet> Subnets,
    ImmutableSortedDictionary<string, string> Labels,
    Position At);

/// <summary>An address pool of a network.</summary>
/// <param name="Cidr">Such as <c>172.28.0.0/16</c>.</param>
/// <param name="Gateway">The gateway's address, or null.</param>
/// <param name="Range">The part handed out, or null.</param>
public sealed record Subnet(string Cidr, string? Gateway, string? Range);

using System.Collections.Immutable;

namespace Gateway.Reconciliation.Policy;

/// <summary>
/// What this gateway's owner allows, from <c>/etc/gateway/supervisor.yaml</c>; stronger than any signed document.
/// The defaults allow nothing that widens privilege.
/// </summary>
public sealed record LocalPolicy
{
    /// <summary>Nothing that widens privilege, digests required, any registry.</summary>
    public static LocalPolicy Default { get; } = new();

    public bool Privileged { get; init; }

    public bool HostNamespaces { get; init; }

    /// <summary>Host folders and glob patterns (<c>*</c>, <c>?</c> within one part of the path).</summary>
    public ImmutableArray<string> BindMounts { get; init; } = [];

    /// <summary>Device folders and glob patterns, below <c>/dev/</c>; or rules by number, like <c>c 188:* rwm</c>.</summary>
    public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary>Capabilities beyond Docker's default set; <c>ALL</c> allows each.</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Glob patterns on security options, such as <c>seccomp=unconfined</c>.</summary>
    public ImmutableArray<string> SecurityOptions { get; init; } = [];

    /// <summary>Whether container logs may be relayed.</summary>
    public bool Logs { get; init; }

    /// <summary>Registries, each with an optional path (<c>registry.example.com:5000/gateway/</c>); null: any.</summary>
    public ImmutableArray<string>? AllowedRegistries { get; init; }

    public bool RequireDigest { get; init; } = true;
}

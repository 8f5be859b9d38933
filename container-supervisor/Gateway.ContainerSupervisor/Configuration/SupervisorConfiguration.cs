using System.Collections.Immutable;
using Gateway.ContainerSupervisor.When;
using Gateway.Core.Releases;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;

namespace Gateway.ContainerSupervisor.Configuration;

/// <summary><c>supervisor.yaml</c>, with defaults filled in.</summary>
internal sealed record SupervisorConfiguration
{
    public const string DefaultFile = "/etc/gateway/supervisor.yaml";
    public const string DefaultRunDirectory = "/run/gateway";

    /// <summary><c>gateway_id</c> and <c>groups</c>.</summary>
    public required GatewayIdentity Identity { get; init; }

    /// <summary>Null: no broker; the desired state comes from the file alone.</summary>
    public MqttSettings? Mqtt { get; init; }

    /// <summary><c>desired_state</c>: a file to watch, its signature beside it in <c>.asc</c>; null for none.</summary>
    public string? DesiredStateFile { get; init; }

    /// <summary>False waives signatures on all documents, as a local decision.</summary>
    public bool RequireSignature { get; init; } = true;

    /// <summary><c>policy</c>, <c>allowed_registries</c> and <c>require_digest</c>.</summary>
    public LocalPolicy Policy { get; init; } = LocalPolicy.Default;

    /// <summary><c>windows</c>: when changes may begin; empty for always.</summary>
    public ImmutableArray<ChangeWindow> Windows { get; init; } = [];

    /// <summary><c>longest_lock</c>: longest time a lock may be held without being renewed.</summary>
    public TimeSpan LongestLock { get; init; } = TimeSpan.FromHours(24);

    /// <summary><c>registry_credentials</c>: log-ins in the form of Docker's <c>config.json</c>; null for none.</summary>
    public string? RegistryCredentials { get; init; }

    /// <summary>How many images of each service are kept, the current one among them.</summary>
    public int ImageRetention { get; init; } = 2;

    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromMinutes(5);

    public string DockerSocket { get; init; } = "/run/docker.sock";

    public string TrustedDirectory { get; init; } = "/etc/gateway/trusted.d";

    public string StateDirectory { get; init; } = "/var/lib/gateway/container-supervisor";

    /// <summary>For what need not outlive a boot: heartbeat, local status.</summary>
    public string RunDirectory { get; init; } = DefaultRunDirectory;

    /// <summary>Where containers are given files and the local interface from; the same paths on the host and here.</summary>
    public HostFolders Folders => HostFolders.Of(StateDirectory, RunDirectory);

    /// <summary>What was accepted but has no effect in this version, one line each, to be logged.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];
}

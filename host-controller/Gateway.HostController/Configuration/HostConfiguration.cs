using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.HostController.Policy;

namespace Gateway.HostController.Configuration;

/// <summary>
/// <c>host-controller.yaml</c>, with defaults filled in. Paths are as the machine names them: what uses them passes
/// them through <see cref="HostPaths.On"/>.
/// </summary>
internal sealed record HostConfiguration
{
    /// <summary><c>gateway_id</c> and <c>groups</c>.</summary>
    public required GatewayIdentity Identity { get; init; }

    /// <summary><c>playbook_url</c>; null when absent: <c>run</c> and <c>daemon</c> need it.</summary>
    public PlaybookUrl? PlaybookUrl { get; init; }

    /// <summary><c>schedule</c>: a Quartz cron expression of six or seven fields, in the machine's time zone.</summary>
    public string Schedule { get; init; } = "0 0/30 * * * ?";

    /// <summary><c>start_delay</c>: from the daemon's start to the first cycle.</summary>
    public TimeSpan StartDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>jitter</c>: at most this is added, by chance, to each scheduled time, so that a fleet does not call at once.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary><c>reapply</c>.</summary>
    public Reapply Reapply { get; init; } = Reapply.Always;

    /// <summary><c>fetch_timeout</c>: for a playbook with its signature, retries included.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>allowed_modules</c>, short names; null allows all.</summary>
    public ImmutableArray<string>? AllowedModules { get; init; }

    /// <summary><c>allowed_paths</c>: what playbooks may write; null allows all.</summary>
    public ImmutableArray<string>? AllowedPaths { get; init; }

    /// <summary><c>allowed_commands</c>: what playbooks may run; null allows all.</summary>
    public ImmutableArray<string>? AllowedCommands { get; init; }

    /// <summary><c>allowed_lookups</c>: those that reach beyond the playbook, <c>pipe</c> and <c>url</c>; none unless named.</summary>
    public ImmutableArray<string> AllowedLookups { get; init; } = [];

    /// <summary><c>led</c>: a name under <c>/sys/class/leds</c>, or null for none.</summary>
    public string? Led { get; init; }

    /// <summary><c>key_server</c>: where renewals of expired keys are fetched; null for nowhere.</summary>
    public Uri? KeyServer { get; init; }

    /// <summary><c>key_package</c>: the Debian package that brings the signing keys; null for none.</summary>
    public string? KeyPackage { get; init; }

    /// <summary><c>docker_socket</c>.</summary>
    public string DockerSocket { get; init; } = "/run/docker.sock";

    /// <summary><c>state_directory</c>.</summary>
    public string StateDirectory { get; init; } = "/var/lib/gateway/host-controller";

    /// <summary><c>trusted_directory</c>.</summary>
    public string TrustedDirectory { get; init; } = "/etc/gateway/trusted.d";

    /// <summary><c>supervisor</c>.</summary>
    public SupervisorSettings Supervisor { get; init; } = SupervisorSettings.Default;

    /// <summary>What was accepted but has no effect in this version, one line each, to be logged.</summary>
    public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>What playbooks may do here.</summary>
    public LocalPolicy Policy => new(AllowedModules, AllowedPaths, AllowedCommands);
}

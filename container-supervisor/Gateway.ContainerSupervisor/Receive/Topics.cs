using System.Collections.Immutable;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.Core.Releases;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>The topics of this gateway.</summary>
internal sealed class Topics
{
    private readonly string own;

    public Topics(GatewayIdentity identity, MqttSettings settings)
    {
        own = settings.GatewayPrefix + identity.Id;
        Desired = identity.Groups
            .Select(group => KeyValuePair.Create($"{settings.GroupPrefix}{group}/desired", $"group:{group}"))
            .Append(KeyValuePair.Create($"{own}/desired", "gateway"))
            .ToImmutableDictionary(StringComparer.Ordinal);
        Commands = identity.Groups
            .Select(group => KeyValuePair.Create($"{settings.GroupPrefix}{group}/command", $"group:{group}"))
            .Append(KeyValuePair.Create($"{own}/command", "gateway"))
            .ToImmutableDictionary(StringComparer.Ordinal);
    }

    /// <summary>Topics of desired states, and the source each stands for.</summary>
    public ImmutableDictionary<string, string> Desired { get; }

    /// <summary>Topics of commands, and the source each stands for.</summary>
    public ImmutableDictionary<string, string> Commands { get; }

    public string Status => $"{own}/status";

    public string Presence => $"{own}/presence";

    public string Reply(string command) => $"{own}/reply/{command}";
}

using System.Collections.Immutable;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.Core.Releases;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>The topics of this gateway, which follow the groups it is in.</summary>
internal sealed class Topics(Membership membership, MqttSettings settings)
{
    private readonly string own = settings.GatewayPrefix + membership.Identity.Id;
    private InForce? known;

    /// <summary>Topics of desired states, and the source each stands for.</summary>
    public ImmutableDictionary<string, string> Desired => Now.Desired;

    /// <summary>Topics of commands, and the source each stands for.</summary>
    public ImmutableDictionary<string, string> Commands => Now.Commands;

    public string Status => $"{own}/status";

    public string Presence => $"{own}/presence";

    public string Reply(string command) => $"{own}/reply/{command}";

    public string Log(string application, string service) => $"{own}/log/{application}/{service}";

    /// <summary>Those to subscribe to for a group.</summary>
    public ImmutableArray<string> Of(string group) => [$"{settings.GroupPrefix}{group}/desired", $"{settings.GroupPrefix}{group}/command"];

    private InForce Now
    {
        get
        {
            var identity = membership.Identity;
            var before = Volatile.Read(ref known);
            if (before is not null && ReferenceEquals(before.Identity, identity))
            {
                return before;
            }

            var now = new InForce(identity, All(identity, "desired"), All(identity, "command"));
            Volatile.Write(ref known, now);
            return now;
        }
    }

    private ImmutableDictionary<string, string> All(GatewayIdentity identity, string what) => identity.Groups
        .Select(group => KeyValuePair.Create($"{settings.GroupPrefix}{group}/{what}", $"group:{group}"))
        .Append(KeyValuePair.Create($"{own}/{what}", "gateway"))
        .ToImmutableDictionary(StringComparer.Ordinal);

    private sealed record InForce(GatewayIdentity Identity, ImmutableDictionary<string, string> Desired, ImmutableDictionary<string, string> Commands);
}

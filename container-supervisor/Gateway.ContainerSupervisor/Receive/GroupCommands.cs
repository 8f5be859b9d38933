using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Carries out <c>join</c>, <c>leave</c> and <c>save</c>: the group's sources and topics follow at once.</summary>
internal sealed class GroupCommands(Membership membership, DesiredSources sources)
{
    /// <summary>Subscribes to a group's topics.</summary>
    public required Action<string> Subscribe { get; init; }

    /// <summary>Drops a group's topics.</summary>
    public required Action<string> Unsubscribe { get; init; }

    public async Task<Result<string>> JoinAsync(string group, CancellationToken cancellation)
    {
        if (!CheckName(group).TryGet(out _, out var wrong) || !membership.Join(group).TryGet(out var isNew, out wrong))
        {
            return wrong;
        }

        if (!isNew)
        {
            return $"in group {group} already";
        }

        await sources.JoinAsync(group, cancellation);
        Subscribe(group);
        return $"joined group {group}; save keeps it over a restart";
    }

    public Result<string> Leave(string group)
    {
        if (!membership.Leave(group))
        {
            return $"not in group {group}";
        }

        Unsubscribe(group);
        sources.Leave(group);
        return $"left group {group}; save keeps it so over a restart";
    }

    public Result<string> Save()
    {
        var saved = membership.Save();
        return saved.IsSuccess ? $"saved groups: {string.Join(", ", membership.Identity.Groups.DefaultIfEmpty("none"))}" : saved.Failures;
    }

    private static Result<Nothing> CheckName(string group) =>
        Core.Releases.GatewayIdentity.IsName(group) ? default(Nothing) : new Failure(Phase.Apply, "join", $"'{OneLine.Of(group)}' is not the name of a group");
}

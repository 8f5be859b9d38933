using System.Collections.Immutable;

namespace Gateway.Ctl.Broker;

/// <summary>Whom a publication is for: one gateway, or a group of them.</summary>
/// <param name="IsGroup">Which of the two.</param>
/// <param name="Name">The gateway's id or the group's name.</param>
internal sealed record Destination(bool IsGroup, string Name)
{
    /// <summary>Topic of its desired state.</summary>
    public string Desired => $"{Prefix}{Name}/desired";

    /// <summary>Topic of its commands.</summary>
    public string Command => $"{Prefix}{Name}/command";

    /// <summary>Its key in a status's <c>desired</c>.</summary>
    public string SourceKey => IsGroup ? $"group:{Name}" : "gateway";

    /// <summary>Its name as a target of a release.</summary>
    public string Target => IsGroup ? $"group:{Name}" : $"gateway:{Name}";

    private string Prefix => IsGroup ? "group/" : "gateway/";

    /// <summary>Whether any of a release's targets lets it through to this destination.</summary>
    public bool IsAmong(ImmutableArray<string> targets) =>
        // A gateway may be in any group, and a group's member is targeted by its own id too: only the gateways know.
        targets.Any(target => target == "all" || target == Target || target.StartsWith(IsGroup ? "gateway:" : "group:", StringComparison.Ordinal));
}

using System.Collections.Immutable;

namespace Gateway.Core.Releases;

/// <summary>Who this gateway is: its id and the groups it is in, most important first.</summary>
public sealed record GatewayIdentity(string Id, ImmutableArray<string> Groups)
{
    /// <summary>Most characters of an id or a group.</summary>
    public const int LongestName = 64;

    /// <summary>
    /// What may be an id or a group: they stand in topics, URLs, targets and file names, where a <c>+</c>, <c>#</c> or
    /// <c>/</c> in them would be somebody else's.
    /// </summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
        && name is not ("." or "..");
}

namespace Gateway.Core.State;

/// <summary>Numeric user and group id of a file.</summary>
public readonly record struct FileOwner(uint User, uint Group)
{
    /// <summary>As user or group id: leave that one as it is.</summary>
    public const uint Unchanged = uint.MaxValue;
}

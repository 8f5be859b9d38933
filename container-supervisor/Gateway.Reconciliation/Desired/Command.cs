using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>A command an operator signed. <paramref name="Id"/> names the topic of the reply.</summary>
/// <param name="Release">Its release block; null only for the bare status command.</param>
/// <param name="Id">1 to 64 letters, digits, <c>_</c>, <c>-</c>, <c>.</c>; null only for the bare status command.</param>
public abstract record Command(Release? Release, string? Id)
{
    /// <summary>The word that stands under <c>command</c>.</summary>
    public abstract string Word { get; }

    /// <summary>Whether the message is the bare <c>{"command":"status"}</c>, the one that needs no signature.</summary>
    public static bool IsBareStatus(ReadOnlyMemory<byte> message) => CommandReader.IsBareStatus(message);

    /// <summary>Reads a command payload (YAML 1.2 core, so JSON too).</summary>
    public static Result<Command> Parse(Verified<SourceText> text) => CommandReader.Read(text.Value);
}

/// <summary>Send a status message now.</summary>
public sealed record StatusCommand(Release? Release, string? Id) : Command(Release, Id)
{
    public override string Word => "status";
}

/// <summary>Join a group.</summary>
public sealed record JoinCommand(Release? Release, string? Id, string Group) : Command(Release, Id)
{
    public override string Word => "join";
}

/// <summary>Leave a group.</summary>
public sealed record LeaveCommand(Release? Release, string? Id, string Group) : Command(Release, Id)
{
    public override string Word => "leave";
}

/// <summary>Save settings so that they survive a restart.</summary>
public sealed record SaveCommand(Release? Release, string? Id) : Command(Release, Id)
{
    public override string Word => "save";
}

/// <summary>Restart an application or one service of it.</summary>
public sealed record RestartCommand(Release? Release, string? Id, string Application, string? Service) : Command(Release, Id)
{
    public override string Word => "restart";
}

/// <summary>Relay a service's log lines for a while.</summary>
public sealed record LogsCommand(Release? Release, string? Id, string Application, string Service, TimeSpan Lease) : Command(Release, Id)
{
    public override string Word => "logs";
}

/// <summary>Restart the machine.</summary>
public sealed record RebootCommand(Release? Release, string? Id) : Command(Release, Id)
{
    public override string Word => "reboot";
}

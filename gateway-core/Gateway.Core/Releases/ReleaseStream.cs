namespace Gateway.Core.Releases;

/// <summary>Names of the streams within which serials rise.</summary>
public static class ReleaseStream
{
    /// <summary>The playbook of a URL without <c>{group}</c>.</summary>
    public const string Playbook = "playbook";

    /// <summary>The desired state addressed to this gateway alone.</summary>
    public const string DesiredGateway = "desired:gateway";

    /// <summary>Commands addressed to this gateway alone.</summary>
    public const string CommandGateway = "command:gateway";

    /// <summary>The playbook of a URL made for a group.</summary>
    public static string PlaybookOf(string group) => $"playbook:{group}";

    /// <summary>The desired state of a group.</summary>
    public static string DesiredGroup(string group) => $"desired:group:{group}";

    /// <summary>Commands to a group.</summary>
    public static string CommandGroup(string group) => $"command:group:{group}";
}

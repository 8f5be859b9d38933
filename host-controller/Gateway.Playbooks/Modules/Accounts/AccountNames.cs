namespace Gateway.Playbooks.Modules;

/// <summary>Names of users and groups.</summary>
internal static class AccountNames
{
    /// <summary>Why a name cannot be one; null when it can. A colon or line break would change other accounts.</summary>
    public static string? Problem(string name) =>
        name.Length == 0 || name.StartsWith('-') || name.AsSpan().IndexOfAny(":\n,/ ") >= 0 ? $"'{name}' is no name for an account" : null;
}

using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>user</c> task asks for; null leaves one alone.</summary>
public sealed record UserArguments(string Name, bool Present)
{
    public int? Uid { get; init; }

    public bool NotUnique { get; init; }

    /// <summary>The main group, by name or number.</summary>
    public string? Group { get; init; }

    /// <summary>The other groups; null leaves them alone, empty for none.</summary>
    public ImmutableArray<string>? Groups { get; init; }

    public bool Append { get; init; }

    public string? Comment { get; init; }

    public string? Home { get; init; }

    public bool MoveHome { get; init; }

    public bool CreateHome { get; init; } = true;

    public string? Skeleton { get; init; }

    public string? Shell { get; init; }

    /// <summary>Hashed.</summary>
    public string? Password { get; init; }

    public bool PasswordOnCreate { get; init; }

    public bool? Locked { get; init; }

    public bool IsSystem { get; init; }

    /// <summary>The day the account ends, <c>yyyy-MM-dd</c>; empty for never.</summary>
    public string? Expires { get; init; }

    public string? Umask { get; init; }

    public long? MinimumDays { get; init; }

    public long? MaximumDays { get; init; }

    public bool Force { get; init; }

    public bool Remove { get; init; }
}

/// <summary>What a <c>user</c> task depends on.</summary>
/// <param name="User">The account; null when there is none.</param>
/// <param name="Shadow">Its password and days.</param>
/// <param name="Groups">All groups.</param>
/// <param name="HasHome">Whether its home folder is there.</param>
/// <param name="Prefix">Arguments that name the reader's root.</param>
public sealed record UserFacts(UserEntry? User, ShadowEntry? Shadow, ImmutableArray<GroupEntry> Groups, bool HasHome, ImmutableArray<string> Prefix)
{
    /// <summary>The groups it is a member of besides its main one.</summary>
    public ImmutableArray<string> Member => User is null ? [] : [.. Groups.Where(group => group.Members.Contains(User.Name)).Select(group => group.Name)];

    internal GroupEntry? Group(string nameOrNumber) =>
        Groups.FirstOrDefault(group => group.Name == nameOrNumber || group.Gid.ToString(System.Globalization.CultureInfo.InvariantCulture) == nameOrNumber);
}

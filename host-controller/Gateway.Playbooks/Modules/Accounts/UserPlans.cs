using System.Collections.Immutable;
using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Plans of the <c>user</c> module.</summary>
internal static class UserPlans
{
    public static ImmutableArray<Change> Add(UserArguments arguments, UserFacts facts)
    {
        List<string> words = [.. facts.Prefix];
        words.AddRange(Common(arguments));
        if (arguments.Group is null && facts.Group(arguments.Name) is not null)
        {
            // The group of this name is there: it is not to be made again.
            words.AddRange(["-g", arguments.Name]);
        }

        if (arguments.Groups is { Length: > 0 } groups)
        {
            words.AddRange(["-G", string.Join(',', groups)]);
        }

        if (arguments.Locked is true || arguments.Password is not null)
        {
            words.AddRange(["-p", Password(arguments)]);
        }

        if (arguments.CreateHome)
        {
            words.Add("-m");
            words.AddRange(arguments.Skeleton is { } skeleton ? ["-k", skeleton] : []);
            words.AddRange(arguments.Umask is { } umask ? ["-K", $"UMASK={umask}"] : []);
        }
        else
        {
            words.Add("-M");
        }

        words.AddRange(arguments.IsSystem ? ["-r"] : []);
        return [Run("useradd", words, arguments), .. Ages(arguments, facts)];
    }

    public static ImmutableArray<Change> Modify(UserArguments arguments, UserFacts facts)
    {
        var user = facts.User!;
        var needed = arguments with
        {
            Uid = arguments.Uid == user.Uid ? null : arguments.Uid,
            Group = arguments.Group is { } group && facts.Group(group)!.Gid == user.Gid ? null : arguments.Group,
            Comment = arguments.Comment == user.Comment ? null : arguments.Comment,
            Home = arguments.Home == user.Home ? null : arguments.Home,
            Shell = arguments.Shell == user.Shell ? null : arguments.Shell,
            Expires = arguments.Expires == Day(facts.Shadow?.ExpireDay) ? null : arguments.Expires,
        };
        List<string> words = [.. Common(needed)];
        if (needed.Home is not null && arguments.MoveHome)
        {
            words.Add("-m");
        }

        words.AddRange(Membership(arguments, facts));
        words.AddRange(PasswordChange(arguments, facts.Shadow?.Password ?? ""));
        var changes = new List<Change>();
        if (words.Count > 0)
        {
            changes.Add(Run("usermod", [.. facts.Prefix, .. words], arguments));
        }

        changes.AddRange(Ages(arguments, facts));
        if (arguments.CreateHome && !facts.HasHome && (arguments.Home ?? user.Home) is { Length: > 1 } home)
        {
            // Without useradd: the folder with what a new one holds (useradd(8), SKEL).
            changes.Add(new CopyFolder(arguments.Skeleton ?? "/etc/skel", home, arguments.Uid ?? user.Uid, arguments.Group is { } main ? facts.Group(main)!.Gid : user.Gid));
        }

        return [.. changes];
    }

    public static ImmutableArray<Change> Remove(UserArguments arguments, UserFacts facts) => facts.User is null
        ? []
        : [Run("userdel", [.. facts.Prefix, .. arguments.Force ? (ReadOnlySpan<string>)["-f"] : [], .. arguments.Remove ? (ReadOnlySpan<string>)["-r"] : []], arguments)];

    public static DictValue Result(UserArguments arguments, UserFacts facts)
    {
        var result = Results.Of(("name", arguments.Name), ("state", arguments.Present ? "present" : "absent"));
        if (!arguments.Present)
        {
            return facts.User is null ? result : result.With("force", arguments.Force).With("remove", arguments.Remove);
        }

        result = facts.User is null
            ? result.With("system", arguments.IsSystem).With("create_home", arguments.CreateHome)
            : result.With("append", arguments.Append).With("move_home", arguments.MoveHome);
        result = arguments.Password is null ? result : result.With("password", "NOT_LOGGING_PASSWORD");
        var group = arguments.Group is { } named ? facts.Group(named)?.Gid : facts.User?.Gid ?? facts.Group(arguments.Name)?.Gid;
        result = result
            .With("uid", (arguments.Uid ?? facts.User?.Uid) is { } uid ? (long)uid : NullValue.None)
            .With("group", group is { } gid ? (long)gid : NullValue.None)
            .With("comment", arguments.Comment ?? facts.User?.Comment ?? "")
            .With("home", arguments.Home ?? facts.User?.Home ?? $"/home/{arguments.Name}")
            .With("shell", arguments.Shell ?? facts.User?.Shell ?? "/bin/sh");
        return arguments.Groups is { } groups ? result.With("groups", string.Join(',', groups)) : result;
    }

    /// <summary>The account before and after, without its password.</summary>
    public static DictValue Diff(UserArguments arguments, UserFacts facts)
    {
        string Line(string name, int? uid, string? group, string? comment, string? home, string? shell, IEnumerable<string> groups) =>
            $"{name}:{uid}:{group}:{comment}:{home}:{shell} {string.Join(',', groups)}\n";
        var before = facts.User is not { } user ? "" : Line(user.Name, user.Uid, facts.Group($"{user.Gid}")?.Name, user.Comment, user.Home, user.Shell, facts.Member);
        var groups = arguments.Groups is { } wanted ? arguments.Append ? facts.Member.Union(wanted) : wanted : facts.Member;
        return Results.Diff(before, !arguments.Present ? "" : Line(
            arguments.Name, arguments.Uid ?? facts.User?.Uid, arguments.Group ?? facts.Group($"{facts.User?.Gid}")?.Name,
            arguments.Comment ?? facts.User?.Comment, arguments.Home ?? facts.User?.Home, arguments.Shell ?? facts.User?.Shell, groups));
    }

    private static RunProcess Run(string program, IEnumerable<string> words, UserArguments arguments) => new(program, [.. words, arguments.Name]);

    private static IEnumerable<string> Common(UserArguments arguments)
    {
        List<string> words = [];
        if (arguments.Uid is { } uid)
        {
            words.AddRange(["-u", uid.ToString(CultureInfo.InvariantCulture)]);
            words.AddRange(arguments.NotUnique ? ["-o"] : []);
        }

        foreach (var (flag, value) in (ReadOnlySpan<(string, string?)>)[("-g", arguments.Group), ("-c", arguments.Comment), ("-d", arguments.Home), ("-s", arguments.Shell), ("-e", arguments.Expires)])
        {
            words.AddRange(value is null ? [] : [flag, value]);
        }

        return words;
    }

    private static IEnumerable<string> Membership(UserArguments arguments, UserFacts facts)
    {
        if (arguments.Groups is not { } wanted)
        {
            return [];
        }

        var (now, then) = (facts.Member.ToHashSet(StringComparer.Ordinal), wanted.ToHashSet(StringComparer.Ordinal));
        var differs = arguments.Append ? !then.IsSubsetOf(now) : !then.SetEquals(now);
        return !differs ? [] : arguments.Append ? ["-a", "-G", string.Join(',', wanted.Except(now))] : ["-G", string.Join(',', wanted)];
    }

    private static IEnumerable<string> PasswordChange(UserArguments arguments, string here)
    {
        var isLocked = here.StartsWith('!');
        var sets = arguments is { Password: not null, PasswordOnCreate: false } && arguments.Password.TrimStart('!') != here.TrimStart('!');
        if (sets)
        {
            return ["-p", Password(arguments)];
        }

        return arguments.Locked switch
        {
            true when !isLocked => ["-L"],
            false when isLocked => ["-U"],
            _ => [],
        };
    }

    private static string Password(UserArguments arguments) => arguments.Locked is true ? "!" + arguments.Password : arguments.Password!;

    private static IEnumerable<Change> Ages(UserArguments arguments, UserFacts facts)
    {
        if (arguments.MinimumDays is { } least && least != facts.Shadow?.MinimumDays)
        {
            yield return new RunProcess("chage", ["-m", least.ToString(CultureInfo.InvariantCulture), arguments.Name]);
        }

        if (arguments.MaximumDays is { } most && most != facts.Shadow?.MaximumDays)
        {
            yield return new RunProcess("chage", ["-M", most.ToString(CultureInfo.InvariantCulture), arguments.Name]);
        }
    }

    private static string Day(long? days) => days is { } day ? DateTimeOffset.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
}

using System.Globalization;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.user: users.</summary>
public sealed class UserModule() : TaskModule<UserArguments, UserFacts>("user", Options, "ansible.builtin.user", "ansible.legacy.user")
{
    /// <summary>What becomes a field of a line in /etc/passwd or /etc/shadow.</summary>
    private static readonly string[] LineTexts = ["comment", "home", "shell", "password"];

    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true, Aliases = ["user"] },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("uid", OptionType.Integer),
        new Option("non_unique", OptionType.Boolean) { Default = false },
        new Option("group"),
        new Option("groups", OptionType.Texts),
        new Option("append", OptionType.Boolean) { Default = false },
        new Option("comment"),
        new Option("home", OptionType.Path),
        new Option("move_home", OptionType.Boolean) { Default = false },
        new Option("create_home", OptionType.Boolean) { Default = true, Aliases = ["createhome"] },
        new Option("skeleton"),
        new Option("shell", OptionType.Path),
        new Option("password"),
        new Option("update_password") { Default = "always", Choices = ["always", "on_create"] },
        new Option("password_lock", OptionType.Boolean),
        new Option("password_expire_min", OptionType.Integer),
        new Option("password_expire_max", OptionType.Integer),
        new Option("expires", OptionType.Raw),
        new Option("system", OptionType.Boolean) { Default = false },
        new Option("umask"),
        new Option("force", OptionType.Boolean) { Default = false },
        new Option("remove", OptionType.Boolean) { Default = false },
        new Option("local", OptionType.Boolean) { Default = false },
    ])
    {
        RequiredBy = [("append", "groups")],
        NotSupported = ["authorization", "generate_ssh_key", "hidden", "login_class", "profile", "role", "seuser", "ssh_key_bits", "ssh_key_comment", "ssh_key_file", "ssh_key_passphrase", "ssh_key_type", "password_expire_warn"],
    };

    public override Result<UserArguments> Parse(OptionValues options, ModuleContext context)
    {
        var name = options.TextOf("name");
        var wrong = options.Texts("groups").Select(group => group.Trim()).Prepend(name).Select(one => one.Length == 0 && one != name ? null : AccountNames.Problem(one)).FirstOrDefault(problem => problem is not null)
            ?? LineTexts.Where(key => options.Text(key)?.AsSpan().IndexOfAny(":\n") >= 0).Select(key => $"'{key}' holds a colon or line break").FirstOrDefault();
        var (expires, problem) = Expiry(options.Raw("expires"));
        return (wrong ?? problem) is { } refused ? Refuse(context, refused) : new UserArguments(name, options.TextOf("state") == "present")
        {
            Uid = (int?)options.Integer("uid"),
            NotUnique = options.Is("non_unique"),
            Group = options.Text("group"),
            Groups = options.Has("groups") ? [.. options.Texts("groups").Select(group => group.Trim()).Where(group => group.Length > 0)] : null,
            Append = options.Is("append"),
            Comment = options.Text("comment"),
            Home = options.Text("home"),
            MoveHome = options.Is("move_home"),
            CreateHome = options.Is("create_home"),
            Skeleton = options.Text("skeleton"),
            Shell = options.Text("shell"),
            Password = options.Text("password"),
            PasswordOnCreate = options.TextOf("update_password") == "on_create",
            Locked = options.Maybe("password_lock"),
            MinimumDays = options.Integer("password_expire_min"),
            MaximumDays = options.Integer("password_expire_max"),
            Expires = expires,
            IsSystem = options.Is("system"),
            Umask = options.Text("umask"),
            Force = options.Is("force"),
            Remove = options.Is("remove"),
        };
    }

    public override Task<Result<UserFacts>> ReadAsync(UserArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var user = AccountFiles.Users(reader).FirstOrDefault(user => user.Name == arguments.Name);
        var home = arguments.Home ?? user?.Home;
        return Task.FromResult<Result<UserFacts>>(new UserFacts(
            user, AccountFiles.Shadow(reader, arguments.Name), AccountFiles.Groups(reader), home is not null && reader.Stat(home, follow: true) is not null, AccountFiles.Prefix(reader)));
    }

    public override TaskPlan Plan(UserArguments arguments, UserFacts facts, ModuleContext context)
    {
        foreach (var group in (arguments.Groups ?? []).Prepend(arguments.Group).OfType<string>().Where(group => arguments.Present && facts.Group(group) is null))
        {
            return TaskPlan.Failure($"Group {group} does not exist");
        }

        var changes = !arguments.Present ? UserPlans.Remove(arguments, facts)
            : facts.User is null ? UserPlans.Add(arguments, facts)
            : UserPlans.Modify(arguments, facts);
        if (context.Check && !changes.IsEmpty && (facts.User is null || !arguments.Present))
        {
            return new TaskPlan(changes, DictValue.Empty);
        }

        var result = UserPlans.Result(arguments, facts);
        result = context.Diff && changes.Length > 0 ? result.With("diff", UserPlans.Diff(arguments, facts)) : result;
        return new TaskPlan(changes, result)
        {
            Report = outcomes => outcomes[^1].Error is null
                ? result
                : Results.Of(("failed", true), ("name", arguments.Name), ("rc", outcomes[^1].ExitCode ?? 127), ("msg", outcomes[^1].StandardError.Length > 0 ? outcomes[^1].StandardError : outcomes[^1].Error!)),
        };
    }

    /// <summary>Seconds after 1970 as the day useradd(8) takes; negative for never.</summary>
    private static (string? Day, string? Problem) Expiry(Value? value)
    {
        if (value is null)
        {
            return (null, null);
        }

        return double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds < 253402300799
            ? (seconds < 0 ? "" : DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null)
            : (null, $"Invalid value for 'expires' {value}: it takes seconds after 1970");
    }
}

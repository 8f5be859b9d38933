using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What an <c>authorized_key</c> task asks for.</summary>
public sealed record AuthorizedKeyArguments(string User, ImmutableArray<AuthorizedKey> Keys, bool Present)
{
    /// <summary>The file; null for that in the user's home.</summary>
    public string? Path { get; init; }

    public bool ManagesFolder { get; init; } = true;

    /// <summary>Whether other keys go.</summary>
    public bool Exclusive { get; init; }
}

/// <summary>What an <c>authorized_key</c> task depends on.</summary>
/// <param name="User">The account; null when there is none.</param>
/// <param name="File">The file.</param>
/// <param name="Folder">What the folder is; null when it is not there.</param>
public sealed record AuthorizedKeyFacts(UserEntry? User, TextFileFacts? File, FileState? Folder);

/// <summary>ansible.posix.authorized_key: who may log in with which key.</summary>
public sealed class AuthorizedKeyModule() : TaskModule<AuthorizedKeyArguments, AuthorizedKeyFacts>("authorized_key", Options, "ansible.posix.authorized_key")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("user") { Required = true },
        new Option("key") { Required = true },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("path", OptionType.Path) { IsWritten = true },
        new Option("manage_dir", OptionType.Boolean) { Default = true },
        new Option("key_options"),
        new Option("exclusive", OptionType.Boolean) { Default = false },
        new Option("comment"),
        new Option("follow", OptionType.Boolean) { Default = false },
    ])
    {
        NotSupported = ["validate_certs"],
    };

    public override Result<AuthorizedKeyArguments> Parse(OptionValues options, ModuleContext context)
    {
        var text = options.TextOf("key");
        if (text.StartsWith("http", StringComparison.Ordinal))
        {
            return Refuse(context, "'key' from an address is not supported: whoever serves it would decide who may log in");
        }

        var keys = new List<AuthorizedKey>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')))
        {
            if (AuthorizedKey.Parse(line) is not { } key)
            {
                return Refuse(context, $"invalid key specified: {line}");
            }

            keys.Add(key with { Options = options.Text("key_options") ?? key.Options, Comment = options.Text("comment") ?? key.Comment });
        }

        return new AuthorizedKeyArguments(options.TextOf("user"), [.. keys], options.TextOf("state") == "present")
        {
            Path = options.Text("path"),
            ManagesFolder = options.Is("manage_dir"),
            Exclusive = options.Is("exclusive"),
        };
    }

    public override Task<Result<AuthorizedKeyFacts>> ReadAsync(AuthorizedKeyArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        if (AccountFiles.Users(reader).FirstOrDefault(user => user.Name == arguments.User) is not { } user)
        {
            return Task.FromResult<Result<AuthorizedKeyFacts>>(new AuthorizedKeyFacts(null, null, null));
        }

        var path = arguments.Path is { } given ? Expansion.Of(given, reader, context).Replace("%h", user.Home, StringComparison.Ordinal).Replace("%u", user.Name, StringComparison.Ordinal)
            : Folders.In(user.Home, ".ssh/authorized_keys");
        return Task.FromResult(TextFileFacts.Read(path, new FileAttributes(null, null, null), context, reader)
            .Then<AuthorizedKeyFacts>(file => new AuthorizedKeyFacts(user, file, reader.Stat(Folders.Of(path), follow: true))));
    }

    public override TaskPlan Plan(AuthorizedKeyArguments arguments, AuthorizedKeyFacts facts, ModuleContext context)
    {
        if (facts.User is not { } user || facts.File is not { } file)
        {
            return TaskPlan.Failure($"Failed to lookup user {arguments.User}: \"getpwnam(): name not found: '{arguments.User}'\"");
        }

        var text = Edit(arguments, file.Text);
        var result = Results.Of(("user", arguments.User), ("keyfile", file.Path), ("state", arguments.Present ? "present" : "absent"), ("exclusive", arguments.Exclusive), ("path", arguments.Path is null ? NullValue.None : arguments.Path));
        if (text == file.Text)
        {
            return TaskPlan.Nothing(result);
        }

        var changes = new List<Change>();
        var folder = Folders.Of(file.Path);
        if (arguments.ManagesFolder && facts.Folder is null)
        {
            changes.AddRange([new CreateDirectory(folder), new SetOwner(folder, user.Uid, user.Gid, Follow: false), new SetMode(folder, 0x1C0)]);
        }

        changes.Add(new WriteFile(file.RealPath, ByteText.Bytes(text)) { Mode = file.State?.Mode ?? 0x180, Uid = user.Uid, Gid = user.Gid });
        return new TaskPlan([.. changes], result.With("diff", Results.Diff(ByteText.Shown(file.Text), ByteText.Shown(text))));
    }

    private static string Edit(AuthorizedKeyArguments arguments, string text)
    {
        var lines = text.Split('\n').Select(line => (Text: line, Key: AuthorizedKey.Parse(ByteText.Shown(line)))).ToList();
        if (lines[^1].Text.Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        foreach (var key in arguments.Keys)
        {
            var at = lines.FindIndex(line => line.Key?.Key == key.Key);
            if (!arguments.Present)
            {
                lines.RemoveAll(line => line.Key?.Key == key.Key);
            }
            else if (at < 0)
            {
                lines.Add((ByteText.Of(key.ToString()), key));
            }
            else if (lines[at].Key != key)
            {
                lines[at] = (ByteText.Of(key.ToString()), key);
            }
        }

        if (arguments is { Exclusive: true, Present: true })
        {
            var kept = arguments.Keys.Select(key => key.Key).ToHashSet(StringComparer.Ordinal);
            lines.RemoveAll(line => line.Key is not null && !kept.Contains(line.Key.Key));
        }

        return string.Concat(lines.Select(line => line.Text + "\n"));
    }
}

using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>deb822_repository</c> task asks for.</summary>
/// <param name="Name">Names its files.</param>
/// <param name="Text">The content of the list of sources; null to remove it.</param>
/// <param name="Mode">Its mode; null for 0644.</param>
public sealed record Deb822Arguments(string Name, string? Text, Value? Mode)
{
    /// <summary>The key, where the task holds it: armored, or its address.</summary>
    public string? Key { get; init; }

    internal string Path => $"/etc/apt/sources.list.d/{Name}.sources";

    internal string KeyPath => $"/etc/apt/keyrings/{Name}.asc";
}

/// <summary>What a <c>deb822_repository</c> task depends on.</summary>
public sealed record Deb822Facts(TextFileFacts List, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? WantedKey, bool HasKeyFolder);

/// <summary>ansible.builtin.deb822_repository: where packages come from, in the form of sources.list(5) with fields.</summary>
public sealed class Deb822Module() : TaskModule<Deb822Arguments, Deb822Facts>("deb822_repository", Options, "ansible.builtin.deb822_repository", "ansible.legacy.deb822_repository")
{
    private static readonly string[] Required = ["suites", "uris"];

    private const int LargestKey = 1024 * 1024;

    /// <summary>Fields in the order they are written, by option.</summary>
    private static readonly ImmutableArray<(string Option, string Field)> Fields =
    [
        ("allow_downgrade_to_insecure", "Allow-Downgrade-To-Insecure"), ("allow_insecure", "Allow-Insecure"), ("allow_weak", "Allow-Weak"), ("architectures", "Architectures"),
        ("by_hash", "By-Hash"), ("check_date", "Check-Date"), ("check_valid_until", "Check-Valid-Until"), ("components", "Components"), ("date_max_future", "Date-Max-Future"),
        ("enabled", "Enabled"), ("inrelease_path", "InRelease-Path"), ("languages", "Languages"), ("pdiffs", "PDiffs"), ("suites", "Suites"), ("targets", "Targets"),
        ("trusted", "Trusted"), ("types", "Types"), ("uris", "URIs"),
    ];

    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("signed_by"),
        new Option("mode", OptionType.Raw),
        .. Fields.Select(field => new Option(field.Option, field.Option switch
        {
            "architectures" or "components" or "languages" or "suites" or "targets" or "types" or "uris" => OptionType.Texts,
            "date_max_future" => OptionType.Integer,
            "inrelease_path" => OptionType.Text,
            _ => OptionType.Boolean,
        })),
    ]);

    public override Result<Deb822Arguments> Parse(OptionValues options, ModuleContext context)
    {
        var name = string.Concat(options.TextOf("name").ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-'));
        if (options.TextOf("state") == "absent")
        {
            return new Deb822Arguments(name, null, options.Raw("mode"));
        }

        var missing = Required.Where(key => options.Texts(key).IsEmpty).ToList();
        if (missing.Count > 0 || name.Trim('.', '-').Length == 0)
        {
            return Refuse(context, missing.Count > 0 ? $"state is present but all of the following are missing: {string.Join(", ", missing)}" : $"'{options.TextOf("name")}' cannot name a file");
        }

        var key = options.Text("signed_by");
        var holdsKey = key is not null && (key.Contains("://", StringComparison.Ordinal) || key.Contains("BEGIN PGP", StringComparison.Ordinal));
        var arguments = new Deb822Arguments(name, "", options.Raw("mode")) { Key = holdsKey ? key : null };
        var lines = new List<(string Field, string Text)> { ("X-Repolib-Name", options.TextOf("name")), ("Signed-By", holdsKey ? arguments.KeyPath : key ?? "") };
        lines.AddRange(Fields.Select(field => (field.Field, Text(options.Raw(field.Option), field.Option))));
        if (lines.FirstOrDefault(line => line.Text.Contains('\n', StringComparison.Ordinal)) is { Field: not null } wrong)
        {
            return Refuse(context, $"the field {wrong.Field} holds a line break");
        }

        return arguments with { Text = string.Concat(lines.Where(line => line.Text.Length > 0).OrderBy(line => line.Field, StringComparer.Ordinal).Select(line => $"{line.Field}: {line.Text}\n")) };
    }

    public override async Task<Result<Deb822Facts>> ReadAsync(Deb822Arguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var wanted = arguments.Key is { } key && !key.Contains("://", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(key.EndsWith('\n') ? key : key + "\n") : (ReadOnlyMemory<byte>?)null;
        if (arguments.Key is not null && wanted is null)
        {
            var answer = await reader.AskAsync(new WebRequest(arguments.Key) { Redirects = "all", Timeout = TimeSpan.FromSeconds(30) }, LargestKey, cancellation);
            if (answer.Status is not (200 or 0))
            {
                return new Failure(Phase.Observe, arguments.Key, $"the key could not be fetched: {answer.Message}");
            }

            wanted = answer.Body;
        }

        var there = reader.ReadFile(arguments.KeyPath, LargestKey);
        return TextFileFacts.Read(arguments.Path, new FileAttributes(null, null, arguments.Mode), context, reader).Then<Deb822Facts>(list => new Deb822Facts(
            list, there.TryGet(out var content, out _) ? content : (ReadOnlyMemory<byte>?)null, wanted, reader.Stat("/etc/apt/keyrings", follow: true) is not null));
    }

    public override TaskPlan Plan(Deb822Arguments arguments, Deb822Facts facts, ModuleContext context)
    {
        var result = Results.Of(("dest", arguments.Path), ("repo", arguments.Text ?? ""), ("key_filename", arguments.Key is null ? NullValue.None : arguments.KeyPath));
        var changes = new List<Change>();
        if (arguments.Text is null)
        {
            changes.AddRange(facts.List.State is null ? [] : [new RemovePath(arguments.Path)]);
            changes.AddRange(facts.Key is null ? [] : [new RemovePath(arguments.KeyPath)]);
            return new TaskPlan([.. changes], context.Diff ? result.With("diff", Results.Diff(ByteText.Shown(facts.List.Text), "")) : result);
        }

        if (facts.List.Wanted.Problem is { } problem)
        {
            return TaskPlan.Failure(problem);
        }

        if (facts.WantedKey is { } key && !(facts.Key is { } here && here.Span.SequenceEqual(key.Span)))
        {
            changes.AddRange(facts.HasKeyFolder ? [] : [new CreateDirectory("/etc/apt/keyrings")]);
            changes.Add(new WriteFile(arguments.KeyPath, key) { Mode = 0x1A4, Uid = 0, Gid = 0 });
        }

        // Ansible writes the list for everybody to read, whatever the umask is.
        var text = ByteText.Of(arguments.Text);
        var start = facts.List.State ?? new FileState(FileKind.File, 0x1A4, 0, 0);
        var mode = facts.List.Wanted.ModeOn(start) ?? 0x1A4;
        if (facts.List.State is null || text != facts.List.Text)
        {
            changes.Add(new WriteFile(arguments.Path, ByteText.Bytes(text)) { Mode = mode, Uid = 0, Gid = 0 });
        }
        else if (mode != start.Mode)
        {
            changes.Add(new SetMode(arguments.Path, mode));
        }

        return new TaskPlan([.. changes], context.Diff ? result.With("diff", Results.Diff(ByteText.Shown(facts.List.Text), arguments.Text)) : result);
    }

    private static string Text(Value? value, string option) => value switch
    {
        null => option == "types" ? "deb" : "",
        BoolValue truth => truth.Value ? "yes" : "no",
        ListValue list => string.Join(' ', list.Items.Select(item => item.ToString().Trim())),
        _ => value.ToString(),
    };
}

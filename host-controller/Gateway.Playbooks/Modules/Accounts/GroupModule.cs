using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>group</c> task asks for.</summary>
public sealed record GroupArguments(string Name, bool Present, int? Gid)
{
    public bool IsSystem { get; init; }

    public bool NotUnique { get; init; }

    public bool Force { get; init; }
}

/// <summary>What a <c>group</c> task depends on.</summary>
public sealed record GroupFacts(GroupEntry? Group, ImmutableArray<string> Prefix);

/// <summary>ansible.builtin.group: groups of users.</summary>
public sealed class GroupModule() : TaskModule<GroupArguments, GroupFacts>("group", Options, "ansible.builtin.group", "ansible.legacy.group")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("gid", OptionType.Integer),
        new Option("system", OptionType.Boolean) { Default = false },
        new Option("non_unique", OptionType.Boolean) { Default = false },
        new Option("force", OptionType.Boolean) { Default = false },
        new Option("local", OptionType.Boolean) { Default = false },
    ])
    {
        RequiredBy = [("non_unique", "gid")],
    };

    public override Result<GroupArguments> Parse(OptionValues options, ModuleContext context)
    {
        var name = options.TextOf("name");
        return AccountNames.Problem(name) is { } problem
            ? Refuse(context, problem)
            : new GroupArguments(name, options.TextOf("state") == "present", (int?)options.Integer("gid"))
            {
                IsSystem = options.Is("system"),
                NotUnique = options.Is("non_unique"),
                Force = options.Is("force"),
            };
    }

    public override Task<Result<GroupFacts>> ReadAsync(GroupArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<GroupFacts>>(new GroupFacts(AccountFiles.Groups(reader).FirstOrDefault(group => group.Name == arguments.Name), AccountFiles.Prefix(reader)));

    public override TaskPlan Plan(GroupArguments arguments, GroupFacts facts, ModuleContext context)
    {
        var result = Results.Of(("name", arguments.Name), ("state", arguments.Present ? "present" : "absent"));
        ImmutableArray<string> gid = arguments.Gid is { } number ? ["-g", number.ToString(CultureInfo.InvariantCulture), .. arguments.NotUnique ? (ReadOnlySpan<string>)["-o"] : []] : [];
        var program = (arguments.Present, facts.Group) switch
        {
            (true, null) => new RunProcess("groupadd", [.. facts.Prefix, .. gid, .. arguments.IsSystem ? (ReadOnlySpan<string>)["-r"] : [], arguments.Name]),
            (true, { } group) when arguments.Gid is { } wanted && wanted != group.Gid => new RunProcess("groupmod", [.. facts.Prefix, .. gid, arguments.Name]),
            (false, not null) => new RunProcess("groupdel", [.. facts.Prefix, .. arguments.Force ? (ReadOnlySpan<string>)["-f"] : [], arguments.Name]),
            _ => null,
        };
        if (arguments.Present)
        {
            result = result.With("system", arguments.IsSystem).With("gid", arguments.Gid ?? facts.Group?.Gid ?? (Value)NullValue.None);
        }

        result = context.Diff && program is not null ? result.With("diff", Results.Diff(Line(facts.Group?.Name, facts.Group?.Gid), Line(arguments.Present ? arguments.Name : null, arguments.Gid ?? facts.Group?.Gid))) : result;
        if (context.Check && program is not null && (facts.Group is null || !arguments.Present))
        {
            return new TaskPlan([program], DictValue.Empty);
        }

        return program is null ? TaskPlan.Nothing(result) : new TaskPlan([program], result)
        {
            Report = outcomes => outcomes[0].Error is null ? result : Results.Of(("failed", true), ("name", arguments.Name), ("msg", outcomes[0].StandardError.Length > 0 ? outcomes[0].StandardError : outcomes[0].Error!)),
        };
    }

    private static string Line(string? name, int? gid) => name is null ? "" : $"{name}:{gid}\n";
}

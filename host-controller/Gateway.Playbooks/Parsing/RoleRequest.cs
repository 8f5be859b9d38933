using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>Which role is asked for and how.</summary>
/// <param name="Name">Its name, or a path.</param>
internal sealed record RoleRequest(string Name)
{
    private static readonly string[] Known = ["name", "role", "tasks_from", "vars_from", "defaults_from", "handlers_from", "allow_duplicates", "public", "apply", "rolespec_validate"];

    /// <summary>The key that the name stands under.</summary>
    public string NameKey { get; init; } = "name";

    /// <summary>A file of <c>tasks/</c>; null for main.</summary>
    public string? TasksFrom { get; init; }

    public string? VarsFrom { get; init; }

    public string? DefaultsFrom { get; init; }

    public string? HandlersFrom { get; init; }

    /// <summary>Variables of whoever asks.</summary>
    public DictValue Vars { get; init; } = DictValue.Empty;

    /// <summary>Other keys beside the name.</summary>
    public DictValue Params { get; init; } = DictValue.Empty;

    public bool IsPublic { get; init; }

    /// <summary>Of <c>import_role</c>; null after noting what is wrong.</summary>
    public static RoleRequest? Read(ParseScope scope, YamlMapping options, string what)
    {
        var wrong = options.Entries.Where(entry => !Known.Contains(entry.Key.Text)).ToList();
        foreach (var entry in wrong)
        {
            scope.Fail(entry.Key, $"'{what}' has no argument '{entry.Key.Text}'{Nearest.Hint(entry.Key.Text, Known)}");
        }

        var key = options["name"] is null ? "role" : "name";
        if (options[key] is not YamlScalar { Text.Length: > 0 } name)
        {
            scope.Fail(options, $"'{what}' needs the role's 'name'");
            return null;
        }

        return wrong.Count > 0 ? null : new RoleRequest(name.Text)
        {
            NameKey = key,
            TasksFrom = scope.Text(options, "tasks_from"),
            VarsFrom = scope.Text(options, "vars_from"),
            DefaultsFrom = scope.Text(options, "defaults_from"),
            HandlersFrom = scope.Text(options, "handlers_from"),
        };
    }

    /// <summary>Of an <c>include_role</c> task whose arguments are rendered.</summary>
    public static RoleRequest Of(OptionValues options) => new(options.TextOf("name"))
    {
        TasksFrom = options.Text("tasks_from"),
        VarsFrom = options.Text("vars_from"),
        DefaultsFrom = options.Text("defaults_from"),
        HandlersFrom = options.Text("handlers_from"),
        IsPublic = options.Is("public"),
    };
}

using Gateway.Core.Yaml;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>What a task does: its module under the name written, and that module's arguments.</summary>
/// <param name="Key">The module's name and place.</param>
/// <param name="Value">Its arguments.</param>
/// <param name="Module">The module; null for the imports, which are none.</param>
internal sealed record TaskEntry(YamlScalar Key, YamlNode Value, TaskModule? Module)
{
    public YamlEntry Entry => new(Key, Value);
}

/// <summary>Finds what a task does among its keys.</summary>
internal sealed class TaskEntryFinder(ParseScope scope, bool isHandler)
{
    private static readonly string[] Imports = ["import_tasks", "import_role"];

    /// <summary>The one key of a task that is a module, the first of several; null when there is none. What is wrong is noted.</summary>
    public TaskEntry? Find(YamlMapping mapping)
    {
        TaskEntry? found = null;
        var wrong = false;
        var known = isHandler ? Keywords.Handler : Keywords.Task;
        foreach (var written in mapping.Entries)
        {
            var isAction = written.Key.Text is "action" or "local_action";
            if (!isAction && known.Contains(written.Key.Text))
            {
                continue;
            }

            if ((isAction ? Action(written) : Named(written)) is not { } entry)
            {
                wrong = true;
                scope.Fail(isAction ? written.Value : written.Key, isAction ? $"'{written.Key.Text}' must name a module there is" : Unknown(written.Key.Text, known));
                continue;
            }

            if (found is not null)
            {
                scope.Fail(written.Key, $"a task has one module: '{found.Key.Text}' stands here already");
                wrong = true;
            }

            found ??= entry;
        }

        if (found is null && !wrong)
        {
            scope.Fail(mapping, "the task names no module");
        }

        return found;
    }

    private static TaskEntry? Named(YamlEntry entry) => Named(entry.Key, entry.Value);

    private static TaskEntry? Named(YamlScalar key, YamlNode value) =>
        Imports.Contains(Keywords.Short(key.Text)) ? new TaskEntry(key, value, null)
        : ModuleTable.Find(key.Text) is { } module ? new TaskEntry(key, value, module)
        : null;

    /// <summary><c>action: copy src=a dest=b</c>, or a mapping with <c>module</c>.</summary>
    private static TaskEntry? Action(YamlEntry entry)
    {
        switch (entry.Value)
        {
            case YamlScalar text:
                var words = text.Text.Trim();
                var end = words.IndexOfAny([' ', '\n', '\t']);
                var rest = end < 0 ? "" : words[end..].Trim();
                return Named(text with { Text = end < 0 ? words : words[..end], IsPlain = true }, text with { Text = rest, IsPlain = rest.Length == 0 });
            case YamlMapping mapping when mapping["module"] is YamlScalar name:
                return Named(name, mapping with { Entries = [.. mapping.Entries.Where(one => one.Key.Text != "module")] });
            default:
                return null;
        }
    }

    private static string Unknown(string name, IEnumerable<string> known) =>
        Keywords.NotSupported.TryGetValue(Keywords.Short(name), out var instead) ? $"'{name}' is not supported: {instead}"
        : name.StartsWith("with_", StringComparison.Ordinal) ? $"'{name}' is not supported: use 'loop'"
        : name is "rescue" or "always" ? $"'{name}' needs a 'block' beside it"
        : RefusedModules.Why(name) is { } advice ? $"module '{name}' is not supported: {advice}"
        : name == "listen" ? "'listen' is for handlers"
        : $"there is no module or keyword '{name}'{Nearest.Hint(name, ModuleTable.Names.Concat(known))}";
}

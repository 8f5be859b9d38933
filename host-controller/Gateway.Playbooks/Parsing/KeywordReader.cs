using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads the keywords that plays, blocks, roles and tasks share.</summary>
internal sealed class KeywordReader(ParseScope scope)
{
    private static readonly string[] Truths = ["become", "run_once", "any_errors_fatal", "ignore_unreachable", "delegate_facts"];
    private static readonly string[] Here = ["localhost", "127.0.0.1", "{{ inventory_hostname }}"];

    /// <summary>What a play or block hands down, with its own keywords on top.</summary>
    public Inherited Inherit(Inherited outer, YamlMapping mapping, string what, bool withVars = true)
    {
        CheckRoot(mapping, what);
        return outer with
        {
            When = [.. outer.When, .. scope.Conditions(mapping, "when")],
            Tags = [.. outer.Tags.Union(scope.Tags(mapping))],
            Vars = withVars ? outer.Vars.With(scope.Variables(mapping, "vars")) : outer.Vars,
            ModuleDefaults = [.. outer.ModuleDefaults, .. Defaults(mapping)],
            Environment = [.. outer.Environment, .. Environment(mapping)],
            Notify = scope.Notifications(mapping) is { IsEmpty: false } own ? own : outer.Notify,
            IgnoreErrors = scope.Truth(mapping, "ignore_errors") ?? outer.IgnoreErrors,
            NoLog = scope.Truth(mapping, "no_log") ?? outer.NoLog,
            CheckMode = scope.Truth(mapping, "check_mode") ?? outer.CheckMode,
            Diff = scope.Truth(mapping, "diff") ?? outer.Diff,
            Timeout = scope.ValueOf(mapping, "timeout") ?? outer.Timeout,
        };
    }

    private IEnumerable<ModuleDefault> Defaults(YamlMapping mapping)
    {
        var node = mapping["module_defaults"];
        foreach (var layer in node is YamlSequence list ? list.Items : node is null ? [] : [node])
        {
            if (layer is not YamlMapping modules)
            {
                scope.Fail(layer, "'module_defaults' must be a mapping of modules to their arguments");
                continue;
            }

            foreach (var entry in modules.Entries)
            {
                if (entry.Key.Text.StartsWith("group/", StringComparison.Ordinal))
                {
                    scope.Fail(entry.Key, "groups of 'module_defaults' are not supported: name the modules");
                }
                else if (ModuleTable.Find(entry.Key.Text) is null)
                {
                    scope.Fail(entry.Key, $"'module_defaults' names a module that there is not: '{entry.Key.Text}'{Nearest.Hint(entry.Key.Text, ModuleTable.Names)}");
                }
                else if (entry.Value is YamlMapping arguments)
                {
                    yield return new ModuleDefault(entry.Key.Text, arguments);
                }
                else
                {
                    scope.Fail(entry.Value, $"'module_defaults' of '{entry.Key.Text}' must be a mapping of arguments, not {entry.Value.Kind}");
                }
            }
        }
    }

    private IEnumerable<Value> Environment(YamlMapping mapping)
    {
        foreach (var value in scope.Texts(mapping, "environment"))
        {
            if (value is DictValue or TextValue { IsTemplate: true })
            {
                yield return value;
            }
            else if (value is not NullValue)
            {
                scope.Fail(mapping["environment"]!, "'environment' must be a mapping of names and values");
            }
        }
    }

    /// <summary>Everything runs as root on this machine: what says so is accepted, what says otherwise is refused.</summary>
    private void CheckRoot(YamlMapping mapping, string what)
    {
        foreach (var key in Truths)
        {
            _ = scope.Truth(mapping, key);
        }

        foreach (var (key, allowed) in (ReadOnlySpan<(string, string)>)[("become_user", "root"), ("remote_user", "root"), ("become_method", "sudo"), ("connection", "local")])
        {
            if (scope.Text(mapping, key) is { } text && text != allowed)
            {
                scope.Fail(mapping[key]!, $"'{key}' of a {what} can only be {allowed}: tasks run as root on this machine");
            }
        }

        if (mapping["delegate_to"] is { } host && (host is not YamlScalar { Text: var name } || !Here.Contains(name)))
        {
            scope.Fail(host, "'delegate_to' can only be localhost: a playbook is about this gateway only");
        }
    }
}

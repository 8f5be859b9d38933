using System.Collections.Frozen;

namespace Gateway.Playbooks.Parsing;

/// <summary>Ansible's keywords: those that work here, and those that are refused by name so that nothing is silently different.</summary>
internal static class Keywords
{
    private static readonly string[] Shared =
    [
        "any_errors_fatal", "become", "become_method", "become_user", "check_mode", "connection", "diff", "environment", "ignore_errors", "name", "no_log", "remote_user",
        "run_once", "tags", "vars",
    ];

    /// <summary>Of a block.</summary>
    public static FrozenSet<string> Block { get; } = Shared.Concat(["always", "block", "notify", "rescue", "when"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of a task.</summary>
    public static FrozenSet<string> Task { get; } = Shared
        .Concat(["args", "changed_when", "delay", "failed_when", "loop", "loop_control", "notify", "register", "retries", "until", "when", "with_items"])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of a handler.</summary>
    public static FrozenSet<string> Handler { get; } = Task.Append("listen").ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of a play.</summary>
    public static FrozenSet<string> Play { get; } = Shared
        .Concat(["force_handlers", "gather_facts", "handlers", "hosts", "post_tasks", "pre_tasks", "tasks"])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Ansible's, with what to do instead.</summary>
    public static FrozenDictionary<string, string> NotSupported { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["action"] = "write the module as the key of the task",
        ["async"] = "tasks run one after the other",
        ["become_exe"] = "tasks run as root",
        ["become_flags"] = "tasks run as root",
        ["collections"] = "write the module's full name",
        ["debugger"] = "nobody is there to use it",
        ["delegate_facts"] = "a playbook is about this gateway only",
        ["delegate_to"] = "a playbook is about this gateway only",
        ["fact_path"] = "local facts are not read",
        ["gather_subset"] = "all facts are gathered at once",
        ["gather_timeout"] = "facts are gathered at once",
        ["ignore_unreachable"] = "a playbook is about this gateway only",
        ["import_playbook"] = "put all plays into one file",
        ["import_role"] = "a playbook stands alone: put the role's tasks into it",
        ["import_tasks"] = "a playbook stands alone: put the tasks into it",
        ["include"] = "a playbook stands alone: put the tasks into it",
        ["include_role"] = "a playbook stands alone: put the role's tasks into it",
        ["include_tasks"] = "a playbook stands alone: put the tasks into it",
        ["include_vars"] = "a playbook stands alone: put the variables into it",
        ["local_action"] = "write the module as the key of the task",
        ["max_fail_percentage"] = "a playbook is about this gateway only",
        ["module_defaults"] = "write the arguments at each task",
        ["order"] = "a playbook is about this gateway only",
        ["poll"] = "tasks run one after the other",
        ["port"] = "a playbook is about this gateway only",
        ["roles"] = "a playbook stands alone: put the role's tasks into it",
        ["serial"] = "a playbook is about this gateway only",
        ["strategy"] = "tasks run one after the other",
        ["throttle"] = "a playbook is about this gateway only",
        ["timeout"] = "tasks have bounds of their own",
        ["vars_files"] = "a playbook stands alone: put the variables into it",
        ["vars_prompt"] = "nobody is there to answer",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A keyword's name without the collection in front of it.</summary>
    public static string Short(string name) =>
        name.StartsWith("ansible.builtin.", StringComparison.Ordinal) ? name["ansible.builtin.".Length..] : name;
}

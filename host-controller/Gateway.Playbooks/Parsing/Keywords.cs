using System.Collections.Frozen;

namespace Gateway.Playbooks.Parsing;

/// <summary>Ansible's keywords: those that work here, and those that are refused by name so that nothing is silently different.</summary>
public static class Keywords
{
    private static readonly string[] Shared =
    [
        "any_errors_fatal", "become", "become_flags", "become_exe", "become_method", "become_user", "check_mode", "collections", "connection", "diff", "environment",
        "ignore_errors", "ignore_unreachable", "module_defaults", "name", "no_log", "port", "remote_user", "run_once", "tags", "throttle", "vars",
    ];

    /// <summary>Of a block.</summary>
    public static FrozenSet<string> Block { get; } = Shared.Concat(["always", "block", "delegate_facts", "delegate_to", "notify", "rescue", "when"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of a task.</summary>
    public static FrozenSet<string> Task { get; } = Shared
        .Concat(["action", "args", "changed_when", "delay", "delegate_facts", "delegate_to", "failed_when", "local_action", "loop", "loop_control", "notify", "register", "retries", "until", "when"])
        .Concat(Loops.Keys)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Beside <c>include_tasks</c> and <c>include_role</c>.</summary>
    public static FrozenSet<string> Include { get; } =
        ((string[])["action", "args", "collections", "ignore_errors", "listen", "loop", "loop_control", "name", "no_log", "register", "run_once", "tags", "vars", "when"])
        .Concat(Loops.Keys).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of a handler.</summary>
    public static FrozenSet<string> Handler { get; } = Task.Append("listen").ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of a play.</summary>
    public static FrozenSet<string> Play { get; } = Shared
        .Concat(["fact_path", "force_handlers", "gather_facts", "gather_subset", "gather_timeout", "handlers", "hosts", "max_fail_percentage", "order", "post_tasks", "pre_tasks",
            "roles", "serial", "strategy", "tasks", "vars_files"])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of an entry under <c>roles</c>; any other key is a parameter of the role.</summary>
    public static FrozenSet<string> RoleEntry { get; } = Shared.Concat(["delegate_facts", "delegate_to", "role", "when"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Beside <c>import_playbook</c>.</summary>
    public static FrozenSet<string> ImportPlaybook { get; } = ((string[])["import_playbook", "name", "tags", "vars", "when"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of <c>loop_control</c>.</summary>
    public static FrozenSet<string> LoopControl { get; } = ((string[])["extended", "extended_allitems", "index_var", "label", "loop_var", "pause"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Ansible's, with what to do instead.</summary>
    public static FrozenDictionary<string, string> NotSupported { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["async"] = "tasks run one after the other",
        ["debugger"] = "nobody is there to use it",
        ["include"] = "write include_tasks or import_tasks",
        ["poll"] = "tasks run one after the other",
        ["timeout"] = "put it before the program: command: timeout 30 …",
        ["vars_prompt"] = "nobody is there to answer",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A keyword's name without the collection in front of it.</summary>
    public static string Short(string name) =>
        name.StartsWith("ansible.builtin.", StringComparison.Ordinal) ? name["ansible.builtin.".Length..]
        : name.StartsWith("ansible.legacy.", StringComparison.Ordinal) ? name["ansible.legacy.".Length..]
        : name;
}

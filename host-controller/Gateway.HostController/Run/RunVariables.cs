using System.Diagnostics.CodeAnalysis;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>What tasks of a run can see, by Ansible's precedence (docs.ansible.com, "Understanding variable precedence").</summary>
internal sealed class RunVariables(DictValue extra)
{
    private readonly Dictionary<string, Value> set = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> included = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> magic = new(StringComparer.Ordinal) { ["omit"] = OmitValue.Instance };
    private DictValue facts = DictValue.Empty;
    private HostFacts? gathered;
    private Play? play;
    private List<Role> roles = [];

    /// <summary>The machine as tasks of an origin see it.</summary>
    public Func<Origin, IHostReader>? Readers { get; set; }

    /// <summary>Enters a play: its variables and those of its roles are seen from now on.</summary>
    public void Enter(Play next)
    {
        play = next;
        roles = [.. next.Roles];
    }

    /// <summary>A role whose defaults and variables the play sees from now on.</summary>
    public void Publish(Role role) => roles.Add(role);

    /// <summary>Registers a result, or sets a fact of the playbook.</summary>
    public void Set(string name, Value value) => set[name] = value;

    /// <summary>A variable of a file that a task included.</summary>
    public void Include(string name, Value value) => included[name] = value;

    /// <summary>Variables that Ansible itself sets.</summary>
    public void SetMagic(string name, Value value) => magic[name] = value;

    /// <summary>Facts of the machine, under names with <c>ansible_</c>.</summary>
    public void SetFacts(DictValue more) => facts = facts.With(more);

    /// <summary>Facts that are read when they are asked for.</summary>
    public void SetFacts(HostFacts lazy)
    {
        // What was found out before gives way to what is gathered now.
        facts = DictValue.Of(facts.Entries.Where(fact => !lazy.Offers(fact.Key.ToString())));
        gathered = lazy;
    }

    /// <summary>Keeps what a task found out or set, as long as Ansible does.</summary>
    public void KeepFacts(TaskItem task, DictValue result)
    {
        if (!result.TryGet("ansible_facts", out var given) || given is not DictValue found)
        {
            return;
        }

        if (task.Module is not ("set_fact" or "include_vars"))
        {
            SetFacts(found);
            return;
        }

        if (task.Module == "set_fact" && task.Arguments.Any(argument => argument is { Name: "cacheable", Value.IsTrue: true }))
        {
            SetFacts(found);
        }

        foreach (var fact in found.Entries)
        {
            if (task.Module == "set_fact")
            {
                Set(fact.Key.ToString(), fact.Value);
            }
            else
            {
                Include(fact.Key.ToString(), fact.Value);
            }
        }
    }

    public void ClearFacts()
    {
        facts = DictValue.Empty;
        gathered = null;
    }

    /// <summary>What a task sees.</summary>
    /// <param name="task">The task, with variables of its own, its blocks, its role and its includes.</param>
    /// <param name="item">Loop variables, and the result that is being judged.</param>
    public IVariables For(TaskItem task, DictValue item) => new View(this, task, item);

    private bool TryGet(string name, TaskItem task, DictValue item, [MaybeNullWhen(false)] out Value value)
    {
        var role = task.Origin.Role;
        return item.TryGet(name, out value)
            || extra.TryGet(name, out value)
            || task.Params.TryGet(name, out value)
            || (role is not null && role.Params.TryGet(name, out value))
            || set.TryGetValue(name, out value)
            || included.TryGetValue(name, out value)
            || task.Vars.TryGet(name, out value)
            || (role is not null && role.Vars.TryGet(name, out value))
            || OfPlay(name, out value)
            || facts.TryGet(name, out value)
            || (value = gathered?.Find(name)) is not null
            || (role is not null && role.Defaults.TryGet(name, out value))
            || Last(one => one.Defaults, name, out value)
            || magic.TryGetValue(name, out value)
            || (value = Computed(name, task, item)) is not null;
    }

    private bool OfPlay(string name, [MaybeNullWhen(false)] out Value value)
    {
        value = null;
        return Last(one => one.Vars, name, out value) || (play is not null && (play.FileVars.TryGet(name, out value) || play.Vars.TryGet(name, out value)));
    }

    private bool Last(Func<Role, DictValue> part, string name, [MaybeNullWhen(false)] out Value value)
    {
        for (var at = roles.Count - 1; at >= 0; at--)
        {
            if (part(roles[at]).TryGet(name, out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }

    private Value? Computed(string name, TaskItem task, DictValue item) => name switch
    {
        "ansible_facts" => new LazyDictValue(ShortFact, ShortFacts),
        "hostvars" => new LazyDictValue(host => host == "localhost" ? HostNames() : null, () => Results.Of(("localhost", HostNames().Whole()))),
        "vars" => new LazyDictValue(found => found != "omit" && TryGet(found, task, item, out var value) ? value : null, () => All(task, item)),
        "ansible_play_role_names" or "role_names" => Results.List(roles.Select(role => role.Name)),
        _ when task.Origin.Role is { } role => OfRole(name, role),
        _ => null,
    };

    private Value? OfRole(string name, Role role) => name switch
    {
        "role_path" when magic.TryGetValue("playbook_dir", out var folder) && play is not null =>
            Path.GetFullPath(Path.Combine(folder.ToString(), Path.GetRelativePath("/" + play.Folder, "/" + role.Folder))),
        "role_name" or "ansible_role_name" => role.Name,
        "ansible_parent_role_names" => Results.List(role.Lineage.Skip(1).Select(parent => parent.Name)),
        _ => null,
    };

    /// <summary>What <c>hostvars</c> holds: what was found out or set, nothing of plays, roles and tasks.</summary>
    private LazyDictValue HostNames()
    {
        Value? Find(string name) =>
            extra.TryGet(name, out var value) || set.TryGetValue(name, out value) || included.TryGetValue(name, out value) || facts.TryGet(name, out value)
            || (value = gathered?.Find(name)) is not null || (name != "omit" && magic.TryGetValue(name, out value))
                ? value
                : name == "ansible_facts" ? new LazyDictValue(ShortFact, ShortFacts) : null;
        var names = magic.Keys.Where(name => name != "omit").Concat(included.Keys).Concat(set.Keys).Concat(extra.Keys.Select(key => key.ToString()));
        return new LazyDictValue(Find, () => (gathered?.All() ?? DictValue.Empty).With(facts).With(DictValue.Of(names.Distinct(StringComparer.Ordinal).Select(name => new KeyValuePair<string, Value>(name, Find(name)!)))), Renders: true)
        {
            Type = "ansible.vars.hostvars.HostVarsVars object",
        };
    }

    /// <summary>Everything a task sees, not rendered; text that was rendered once stays marked.</summary>
    private DictValue All(TaskItem task, DictValue item)
    {
        var names = magic.Keys.Concat(roles.SelectMany(one => one.Defaults.Keys.Concat(one.Vars.Keys)).Concat(facts.Keys).Select(key => key.ToString()))
            .Concat(gathered?.Names ?? [])
            .Concat(((DictValue[])[play?.Vars ?? DictValue.Empty, play?.FileVars ?? DictValue.Empty, task.Vars, task.Params, extra, item]).SelectMany(layer => layer.Keys).Select(key => key.ToString()))
            .Concat(included.Keys).Concat(set.Keys)
            .Where(name => name != "omit")
            .Distinct(StringComparer.Ordinal).ToList();
        return DictValue.Of(names.Select(name => new KeyValuePair<string, Value>(name, TryGet(name, task, item, out var value) ? value : NullValue.None)));
    }

    /// <summary>A fact under its name without <c>ansible_</c>; nothing else is read for it.</summary>
    private Value? ShortFact(string name)
    {
        if (name.StartsWith("ansible_", StringComparison.Ordinal) && name != "ansible_local")
        {
            return null;
        }

        var full = name == "ansible_local" ? name : "ansible_" + name;
        return facts.TryGet(full, out var fact) || facts.TryGet(name, out fact) ? fact : gathered?.Find(full) ?? gathered?.Find(name);
    }

    private DictValue ShortFacts() => DictValue.Of((gathered?.All() ?? DictValue.Empty).Entries.Concat(facts.Entries)
        .Select(fact => new KeyValuePair<string, Value>(Short(fact.Key.ToString()), fact.Value)));

    private static string Short(string name) => name.StartsWith("ansible_", StringComparison.Ordinal) && name != "ansible_local" ? name["ansible_".Length..] : name;

    private sealed class View(RunVariables all, TaskItem task, DictValue item) : IVariables
    {
        public IHostReader? Machine => all.Readers?.Invoke(task.Origin);

        public bool TryGet(string name, [MaybeNullWhen(false)] out Value value) => all.TryGet(name, task, item, out value);
    }
}

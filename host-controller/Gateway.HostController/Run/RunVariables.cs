using System.Diagnostics.CodeAnalysis;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Run;

/// <summary>What tasks of a run can see, by Ansible's precedence: extra, then registered and set, task, play, facts.</summary>
internal sealed class RunVariables(DictValue extra)
{
    private readonly Dictionary<string, Value> set = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> magic = new(StringComparer.Ordinal) { ["omit"] = OmitValue.Instance };
    private DictValue facts = DictValue.Empty;

    /// <summary>Variables of the play.</summary>
    public DictValue Play { get; set; } = DictValue.Empty;

    /// <summary>Registers a result, or sets a fact of the playbook.</summary>
    public void Set(string name, Value value) => set[name] = value;

    /// <summary>Variables that Ansible itself sets.</summary>
    public void SetMagic(string name, Value value) => magic[name] = value;

    /// <summary>Facts of the machine, under names with <c>ansible_</c>.</summary>
    public void SetFacts(DictValue more) => facts = facts.With(more);

    public void ClearFacts() => facts = DictValue.Empty;

    /// <summary>What a task sees.</summary>
    /// <param name="task">Variables of the task and its blocks.</param>
    /// <param name="item">Loop variables, and the result that is being judged.</param>
    public IVariables For(DictValue task, DictValue item) => new View(this, task, item);

    private bool TryGet(string name, DictValue task, DictValue item, [MaybeNullWhen(false)] out Value value) =>
        item.TryGet(name, out value)
        || extra.TryGet(name, out value)
        || set.TryGetValue(name, out value)
        || task.TryGet(name, out value)
        || Play.TryGet(name, out value)
        || facts.TryGet(name, out value)
        || magic.TryGetValue(name, out value)
        || (name == "ansible_facts" && (value = ShortFacts()) is not null);

    private DictValue ShortFacts() => DictValue.Of(facts.Entries.Select(fact => new KeyValuePair<string, Value>(Short(fact.Key.ToString()), fact.Value)));

    private static string Short(string name) => name.StartsWith("ansible_", StringComparison.Ordinal) ? name["ansible_".Length..] : name;

    private sealed class View(RunVariables all, DictValue task, DictValue item) : IVariables
    {
        public bool TryGet(string name, [MaybeNullWhen(false)] out Value value) => all.TryGet(name, task, item, out value);
    }
}

using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Expressions.Lookups;

namespace Gateway.Playbooks.Modules;

/// <summary>Which facts are asked for.</summary>
/// <param name="Filters">Patterns of names; empty for all.</param>
/// <param name="Subset">Groups of facts.</param>
/// <param name="LocalFolder">Where local facts lie.</param>
public sealed record SetupArguments(ImmutableArray<string> Filters, ImmutableArray<string> Subset, string LocalFolder);

/// <summary>ansible.builtin.setup: facts about the machine; a documented part of those Ansible gathers.</summary>
public sealed class SetupModule() : TaskModule<SetupArguments, DictValue>("setup", Options, "ansible.builtin.setup", "ansible.legacy.setup", "gather_facts", "ansible.builtin.gather_facts")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("filter", OptionType.Texts) { Default = ListValue.Empty },
        new Option("gather_subset", OptionType.Texts) { Default = Results.List(["all"]) },
        new Option("gather_timeout", OptionType.Integer) { Default = 10L },
        new Option("fact_path", OptionType.Path) { Default = "/etc/ansible/facts.d" },
    ]);

    public override Result<SetupArguments> Parse(OptionValues options, ModuleContext context) => FactSubset.Unknown(options.Texts("gather_subset")) is { } unknown
        ? Refuse(context, $"Bad subset '{unknown}' given to Ansible.")
        : new SetupArguments([.. options.Texts("filter").Where(filter => filter.Length > 0)], options.Texts("gather_subset"), options.TextOf("fact_path"));

    public override Task<Result<DictValue>> ReadAsync(SetupArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var facts = new HostFacts(reader, arguments.LocalFolder, arguments.Subset).All();
        return Task.FromResult<Result<DictValue>>(arguments.Filters.IsEmpty ? facts
            : DictValue.Of(facts.Entries.Where(fact => arguments.Filters.Any(filter => Admits(filter, fact.Key.ToString())))));
    }

    public override TaskPlan Plan(SetupArguments arguments, DictValue facts, ModuleContext context) =>
        TaskPlan.Nothing(Results.Of(("ansible_facts", facts), ("changed", false)));

    private static bool Admits(string filter, string name) => Wildcards.Matches(filter, name) || (!filter.StartsWith("ansible_", StringComparison.Ordinal) && Wildcards.Matches("ansible_" + filter, name));
}

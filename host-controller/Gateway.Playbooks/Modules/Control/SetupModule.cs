using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.setup: facts about the machine; a documented part of those Ansible gathers.</summary>
public sealed class SetupModule() : TaskModule<Nothing, DictValue>("setup", Options, "ansible.builtin.setup", "ansible.legacy.setup", "gather_facts", "ansible.builtin.gather_facts")
{
    private static readonly ModuleSchema Options = new([]) { NotSupported = ["fact_path", "filter", "gather_subset", "gather_timeout"] };

    public override Result<Nothing> Parse(OptionValues options, ModuleContext context) => default(Nothing);

    public override async Task<Result<DictValue>> ReadAsync(Nothing arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        await HostFacts.ReadAsync(reader, cancellation);

    public override TaskPlan Plan(Nothing arguments, DictValue facts, ModuleContext context) =>
        TaskPlan.Nothing(Results.Of(("ansible_facts", facts), ("changed", false)));
}

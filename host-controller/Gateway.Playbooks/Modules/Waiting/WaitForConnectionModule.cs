using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.wait_for_connection: the gateway is where the playbook runs, so there is nothing to wait for.</summary>
public sealed class WaitForConnectionModule() : TaskModule<Nothing, Nothing>("wait_for_connection", Options, "ansible.builtin.wait_for_connection", "ansible.legacy.wait_for_connection")
{
    private static readonly ModuleSchema Options = new(
        [new Option("connect_timeout", OptionType.Integer), new Option("delay", OptionType.Integer), new Option("sleep", OptionType.Integer), new Option("timeout", OptionType.Integer)]);

    public override Result<Nothing> Parse(OptionValues options, ModuleContext context) => default(Nothing);

    public override Task<Result<Nothing>> ReadAsync(Nothing arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) => Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(Nothing arguments, Nothing facts, ModuleContext context) => TaskPlan.Nothing(Results.Of(("changed", false), ("elapsed", 0L)));
}

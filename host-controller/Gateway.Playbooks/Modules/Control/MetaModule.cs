using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.meta: tells the runner something. The runner does it; a plan is never made.</summary>
public sealed class MetaModule() : TaskModule<string, Nothing>("meta", Options, "ansible.builtin.meta", "ansible.legacy.meta")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("_raw_params") { Required = true, Choices = ["noop", "flush_handlers", "end_play", "end_host", "clear_facts", "end_batch", "refresh_inventory", "clear_host_errors", "reset_connection"] },
    ])
    {
        FreeForm = "_raw_params",
    };

    public override Result<string> Parse(OptionValues options, ModuleContext context) => options.TextOf("_raw_params");

    public override Task<Result<Nothing>> ReadAsync(string arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(string arguments, Nothing facts, ModuleContext context) => TaskPlan.Nothing(Results.Of(("msg", arguments)));
}

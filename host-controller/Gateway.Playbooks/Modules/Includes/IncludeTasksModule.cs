using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.include_tasks: the runner reads the file and runs its tasks; a plan only says which.</summary>
public sealed class IncludeTasksModule() : TaskModule<string, Nothing>("include_tasks", Options, "ansible.builtin.include_tasks", "ansible.legacy.include_tasks")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("file") { Required = true, Aliases = ["_raw_params"] },
    ])
    {
        FreeForm = "file",
    };

    public override Result<string> Parse(OptionValues options, ModuleContext context) => options.TextOf("file");

    public override Task<Result<Nothing>> ReadAsync(string arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(string arguments, Nothing facts, ModuleContext context) => TaskPlan.Nothing(Results.Of(("include", arguments), ("include_args", DictValue.Empty)));
}

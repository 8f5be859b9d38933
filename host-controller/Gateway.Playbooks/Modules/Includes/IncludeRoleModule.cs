using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.include_role: the runner reads the role and runs its tasks; a plan only says which.</summary>
public sealed class IncludeRoleModule() : TaskModule<DictValue, Nothing>("include_role", Options, "ansible.builtin.include_role", "ansible.legacy.include_role")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true, Aliases = ["role"] },
        new Option("tasks_from"),
        new Option("vars_from"),
        new Option("defaults_from"),
        new Option("handlers_from"),
        new Option("public", OptionType.Boolean) { Default = false },
        new Option("allow_duplicates", OptionType.Boolean) { Default = true },
        new Option("rolespec_validate", OptionType.Boolean) { Default = true },
    ]);

    public override Result<DictValue> Parse(OptionValues options, ModuleContext context) => DictValue.Of(options.All);

    public override Task<Result<Nothing>> ReadAsync(DictValue arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(DictValue arguments, Nothing facts, ModuleContext context) => TaskPlan.Nothing(Results.Of(("include_role", arguments)));
}

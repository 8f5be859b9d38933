using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.fail: fails with a message.</summary>
public sealed class FailModule() : TaskModule<Value, Nothing>("fail", Options, "ansible.builtin.fail", "ansible.legacy.fail")
{
    private static readonly ModuleSchema Options = new([new Option("msg", OptionType.Raw)]);

    public override Result<Value> Parse(OptionValues options, ModuleContext context) => options.Raw("msg") ?? "Failed as requested from task";

    public override Task<Result<Nothing>> ReadAsync(Value arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(Value arguments, Nothing facts, ModuleContext context) =>
        new([], Results.Of(("failed", true), ("msg", arguments))) { IsFailure = true };
}

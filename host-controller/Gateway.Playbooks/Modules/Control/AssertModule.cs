using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What came of an <c>assert</c>.</summary>
/// <param name="Failed">The first condition that does not hold; null when all hold.</param>
/// <param name="FailMessage">What to say then.</param>
/// <param name="SuccessMessage">What to say when all hold.</param>
public sealed record AssertArguments(Value? Failed, Value FailMessage, Value SuccessMessage);

/// <summary>ansible.builtin.assert: fails when a condition does not hold.</summary>
public sealed class AssertModule() : TaskModule<AssertArguments, Nothing>("assert", Options, "ansible.builtin.assert", "ansible.legacy.assert")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("that", OptionType.Unrendered) { Required = true },
        new Option("fail_msg", OptionType.Raw) { Aliases = ["msg"] },
        new Option("success_msg", OptionType.Raw),
        new Option("quiet", OptionType.Boolean) { Default = false },
    ]);

    /// <summary>What it evaluates is known when it runs only.</summary>
    public override string? Problem(OptionValues options) => null;

    public override Result<AssertArguments> Parse(OptionValues options, ModuleContext context)
    {
        var that = options.Raw("that")!;
        if (that is TextValue { IsTemplate: true } template)
        {
            if (!context.Templar.Render(template.Value, context.At, context.Variables).TryGet(out that, out var wrong))
            {
                return wrong;
            }
        }

        Value? failed = null;
        foreach (var condition in that is ListValue list ? list.Items : [that])
        {
            if (condition is TextValue { Unsafe: true })
            {
                return Refuse(context, $"The conditional check '{condition}' failed. The error was: Conditional is marked as unsafe, and cannot be evaluated.");
            }

            var holds = condition is TextValue text ? context.Templar.Test(text.Value, context.At, context.Variables) : condition.IsTrue;
            if (!holds.TryGet(out var truth, out var wrong))
            {
                return Refuse(context, Templar.NotJudged(condition.ToString(), wrong[0]));
            }

            if (!truth)
            {
                failed = condition;
                break;
            }
        }

        return new AssertArguments(failed, options.Raw("fail_msg") ?? "Assertion failed", options.Raw("success_msg") ?? "All assertions passed");
    }

    public override Task<Result<Nothing>> ReadAsync(AssertArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(AssertArguments arguments, Nothing facts, ModuleContext context) => arguments.Failed is { } failed
        ? new TaskPlan([], Results.Of(("failed", true), ("evaluated_to", false), ("assertion", failed), ("msg", arguments.FailMessage))) { IsFailure = true }
        : TaskPlan.Nothing(Results.Of(("changed", false), ("msg", arguments.SuccessMessage)));
}

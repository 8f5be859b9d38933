using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>debug</c> task prints: a key and its value, or nothing below the verbosity asked for.</summary>
public sealed record DebugArguments(string Key, Value Value, bool IsShown);

/// <summary>ansible.builtin.debug: prints.</summary>
public sealed class DebugModule() : TaskModule<DebugArguments, Nothing>("debug", Options, "ansible.builtin.debug", "ansible.legacy.debug")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("msg", OptionType.Raw) { KeepsNull = true },
        new Option("var", OptionType.Raw),
        new Option("verbosity", OptionType.Integer) { Default = 0L },
    ]);

    /// <summary>What it evaluates is known when it runs only.</summary>
    public override string? Problem(OptionValues options) => null;

    public override Result<DebugArguments> Parse(OptionValues options, ModuleContext context)
    {
        var shown = options.Integer("verbosity") <= context.Verbosity;
        if (options.Raw("msg") is not null && options.Raw("var") is not null)
        {
            return Refuse(context, "'msg' and 'var' are incompatible options");
        }

        if (options.Raw("var") is not { } variable)
        {
            return new DebugArguments("msg", options.Raw("msg") ?? "Hello world!", shown);
        }

        if (variable is not TextValue expression)
        {
            var key = variable is ListValue or DictValue ? $"<class '{variable.TypeName}'>" : variable.ToString();
            return new DebugArguments(key, "VARIABLE IS NOT DEFINED!", shown);
        }

        if (expression.Unsafe)
        {
            // Text from the machine is printed, never evaluated.
            return new DebugArguments(expression.Value, expression, shown);
        }

        var value = context.Templar.Render("{{" + expression.Value + "}}", context.At, context.Variables);
        return new DebugArguments(expression.Value, value.IsSuccess && value.Value is not UndefinedValue ? value.Value : "VARIABLE IS NOT DEFINED!", shown);
    }

    public override Task<Result<Nothing>> ReadAsync(DebugArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(DebugArguments arguments, Nothing facts, ModuleContext context) => TaskPlan.Nothing(arguments.IsShown
        ? Results.Of((arguments.Key, arguments.Value))
        : Results.Of(("skipped", true), ("skipped_reason", "Verbosity threshold not met.")));
}

using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>A module: what a task asks for becomes changes. It never makes one itself.</summary>
public abstract class TaskModule
{
    private protected TaskModule(string name, ModuleSchema schema, params ImmutableArray<string> otherNames)
    {
        Name = name;
        Schema = schema;
        OtherNames = otherNames;
    }

    /// <summary>The short name.</summary>
    public string Name { get; }

    /// <summary>Full names and aliases.</summary>
    public ImmutableArray<string> OtherNames { get; }

    public ModuleSchema Schema { get; }

    /// <summary>Whether it can say in check mode what it would do; else it is skipped there, as in Ansible.</summary>
    public virtual bool SupportsCheck => true;

    /// <summary>What is said where it is skipped in check mode.</summary>
    protected virtual string NoCheck => $"remote module ({Name}) does not support check mode";

    /// <summary>What is wrong with options that hold no templates, known before anything runs; null when nothing is.</summary>
    public abstract string? Problem(OptionValues options);

    /// <summary>Parse, read, plan: nothing is changed. Failures say why the task cannot be planned.</summary>
    public abstract Task<TaskPlan> PlanAsync(OptionValues options, ModuleContext context, IHostReader reader, CancellationToken cancellation);
}

/// <summary>A module in its three parts.</summary>
/// <typeparam name="TArguments">What the options say.</typeparam>
/// <typeparam name="TFacts">What is to be known of the machine to plan.</typeparam>
public abstract class TaskModule<TArguments, TFacts> : TaskModule
{
    private protected TaskModule(string name, ModuleSchema schema, params ImmutableArray<string> otherNames)
        : base(name, schema, otherNames)
    {
    }

    /// <summary>Reads the options; pure.</summary>
    public abstract Result<TArguments> Parse(OptionValues options, ModuleContext context);

    /// <summary>Reads the machine.</summary>
    public abstract Task<Result<TFacts>> ReadAsync(TArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation);

    /// <summary>The changes that bring the machine from the facts to the arguments; pure, none when it is there.</summary>
    public abstract TaskPlan Plan(TArguments arguments, TFacts facts, ModuleContext context);

    public override string? Problem(OptionValues options) =>
        Parse(options, ModuleContext.Nowhere).TryGet(out _, out var wrong) ? null : string.Join("; ", wrong.Select(failure => failure.Message));

    public sealed override async Task<TaskPlan> PlanAsync(OptionValues options, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        if (!Parse(options, context).TryGet(out var arguments, out var wrong))
        {
            return TaskPlan.Failure(string.Join("; ", wrong.Select(failure => failure.Message)));
        }

        if (context.Check && !SupportsCheck)
        {
            return TaskPlan.Nothing(Results.Of(("skipped", true), ("msg", NoCheck)));
        }

        return (await ReadAsync(arguments, context, reader, cancellation)).TryGet(out var facts, out var unreadable)
            ? Plan(arguments, facts, context)
            : TaskPlan.Failure(string.Join("; ", unreadable.Select(failure => failure.Message)));
    }

    /// <summary>Options that do not go together.</summary>
    protected static Failure Refuse(ModuleContext context, string message) => Failure.At(Phase.Parse, context.At, message);
}

using System.Text.RegularExpressions;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.set_fact: sets variables for the tasks that follow.</summary>
public sealed partial class SetFactModule() : TaskModule<DictValue, Nothing>("set_fact", Options, "ansible.builtin.set_fact", "ansible.legacy.set_fact")
{
    private static readonly ModuleSchema Options = new([new Option("cacheable", OptionType.Boolean) { Default = false }]) { AnyName = true };

    public override Result<DictValue> Parse(OptionValues options, ModuleContext context)
    {
        var facts = options.All.Where(option => option.Key != "cacheable").ToList();
        if (facts.Count == 0)
        {
            return Refuse(context, "No key/value pairs provided, at least one is required for this action to succeed");
        }

        return facts.Where(fact => !Identifier().IsMatch(fact.Key)).Select(fact => fact.Key).FirstOrDefault() is { } wrong
            ? Refuse(context, $"The variable name '{wrong}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.")
            : DictValue.Of(facts.Select(fact => new KeyValuePair<string, Value>(fact.Key, Truth(fact.Value))));
    }

    public override Task<Result<Nothing>> ReadAsync(DictValue arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<Nothing>>(default(Nothing));

    public override TaskPlan Plan(DictValue arguments, Nothing facts, ModuleContext context) =>
        TaskPlan.Nothing(DictValue.Of(("ansible_facts", arguments), ("changed", false)));

    /// <summary>Texts that say yes or no become truth values, as in Ansible without native types.</summary>
    private static Value Truth(Value value) => value is TextValue text && text.Value.ToLowerInvariant() is "true" or "false" or "yes" or "no"
        ? OptionReader.Boolean(value)!
        : value;

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Identifier();
}

using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>The options of a module and how they go together; refusals are in Ansible's words.</summary>
public sealed record ModuleSchema(ImmutableArray<Option> Options)
{
    /// <summary>The option that takes the text of <c>module: text</c>; null when a module takes none.</summary>
    public string? FreeForm { get; init; }

    /// <summary>Whether in that text only the options of commands are taken out, and the rest is left as it is.</summary>
    public bool IsCommand { get; init; }

    /// <summary>Options of which at most one may be given.</summary>
    public ImmutableArray<ImmutableArray<string>> Exclusive { get; init; } = [];

    /// <summary>Options of which at least one must be given.</summary>
    public ImmutableArray<ImmutableArray<string>> OneOf { get; init; } = [];

    /// <summary>Options that need another one.</summary>
    public ImmutableArray<(string Option, string Needs)> RequiredBy { get; init; } = [];

    /// <summary>Options that Ansible has and this program does not; setting one is refused by name.</summary>
    public ImmutableArray<string> NotSupported { get; init; } = [];

    /// <summary>The option that names a file beside the playbook, unless <c>remote_src</c> says that it is the machine's; null for none.</summary>
    public string? PlaybookFile { get; init; }

    /// <summary>Whether any name is an option, as for <c>set_fact</c>.</summary>
    public bool AnyName { get; init; }

    /// <summary>The option with a name or alias; null when there is none.</summary>
    public Option? Find(string name) =>
        Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name)) ?? (AnyName ? new Option(name, OptionType.Raw) : null);

    /// <summary>Why a name is no option, with the nearest one.</summary>
    public string Unknown(string module, string name) => NotSupported.Contains(name)
        ? $"module '{module}' has no '{name}' here: Ansible's option is not supported"
        : $"module '{module}' has no argument '{name}'{Nearest.Hint(name, Options.SelectMany(option => option.Aliases.Add(option.Name)))}";

    /// <summary>What is wrong with the names together; null when nothing is.</summary>
    /// <param name="given">Names that are given.</param>
    /// <param name="exclusive">Whether those that exclude each other are looked at: a template may turn out to be <c>omit</c>.</param>
    public string? Combination(IReadOnlySet<string> given, bool exclusive = true)
    {
        foreach (var group in Exclusive.Where(group => exclusive && group.Count(given.Contains) > 1))
        {
            return $"parameters are mutually exclusive: {string.Join('|', group)}";
        }

        var missing = Options.Where(option => option.Required && !given.Contains(option.Name)).Select(option => option.Name).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            return $"missing required arguments: {string.Join(", ", missing)}";
        }

        foreach (var group in OneOf.Where(group => !group.Any(given.Contains)))
        {
            return $"one of the following is required: {string.Join(", ", group)}";
        }

        foreach (var (option, needs) in RequiredBy.Where(pair => given.Contains(pair.Option) && !given.Contains(pair.Needs)))
        {
            return $"missing parameter(s) required by '{option}': {needs}";
        }

        return null;
    }

    /// <summary>What is wrong with one literal value; null when nothing is, or when it is a template.</summary>
    public static string? Literal(Option option, Value value) =>
        value is TextValue { IsTemplate: true } ? null : OptionReader.Read(option, value).Wrong;

    /// <summary>Reads rendered values into options with defaults, or says what is wrong with them.</summary>
    public (OptionValues? Values, string? Wrong) Bind(IReadOnlyDictionary<string, Value> given)
    {
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (name, value) in given.Where(pair => pair.Value is not OmitValue && (pair.Value is not NullValue || Find(pair.Key) is { KeepsNull: true })))
        {
            var option = Find(name)!;
            var (read, wrong) = OptionReader.Read(option, value);
            if (wrong is not null)
            {
                return (null, wrong);
            }

            values[option.Name] = read!;
        }

        if (Combination(values.Keys.ToHashSet(StringComparer.Ordinal)) is { } problem)
        {
            return (null, problem);
        }

        foreach (var option in Options.Where(option => option.Default is not null && !values.ContainsKey(option.Name)))
        {
            values[option.Name] = option.Default!;
        }

        return (new OptionValues(values), null);
    }
}

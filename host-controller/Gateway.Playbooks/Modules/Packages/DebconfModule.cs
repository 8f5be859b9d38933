using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>debconf</c> task asks for.</summary>
/// <param name="Package">The package whose questions are read.</param>
/// <param name="Question">The question that is answered; null to read only.</param>
/// <param name="Type">debconf's type of it.</param>
/// <param name="Value">The answer.</param>
public sealed record DebconfArguments(string Package, string? Question, string Type, string Value)
{
    /// <summary>Whether the question does not count as asked.</summary>
    public bool Unseen { get; init; }
}

/// <summary>ansible.builtin.debconf: answers to the questions of packages, before they ask.</summary>
public sealed class DebconfModule() : TaskModule<DebconfArguments, ImmutableArray<KeyValuePair<string, string>>>("debconf", Options, "ansible.builtin.debconf", "ansible.legacy.debconf")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true, Aliases = ["pkg"] },
        new Option("question") { Aliases = ["selection", "setting"] },
        new Option("vtype") { Choices = ["boolean", "error", "multiselect", "note", "password", "seen", "select", "string", "text", "title"] },
        new Option("value") { Aliases = ["answer"] },
        new Option("unseen", OptionType.Boolean) { Default = false },
    ]);

    public override Result<DebconfArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (question, type, value) = (options.Text("question"), options.Text("vtype"), options.Text("value"));
        if (question is not null && (type is null || value is null))
        {
            return Refuse(context, "when supplying a question you must supply a valid vtype and value");
        }

        value = type == "boolean" ? value!.ToLowerInvariant() switch { "yes" or "true" => "true", "no" or "false" => "false", var other => other } : value ?? "";
        return new[] { options.TextOf("name"), question ?? "", value }.Any(text => text.Contains('\n', StringComparison.Ordinal))
            ? Refuse(context, "an answer to a question of debconf holds no line break")
            : new DebconfArguments(options.TextOf("name"), question, type ?? "", value) { Unseen = options.Is("unseen") };
    }

    public override async Task<Result<ImmutableArray<KeyValuePair<string, string>>>> ReadAsync(DebconfArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var said = await reader.RunAsync("debconf-show", [arguments.Package], cancellation);
        return said.ExitCode != 0
            ? new Failure(Phase.Observe, arguments.Package, $"debconf-show failed: {said.StandardError.Trim()}")
            : said.StandardOutput.Split('\n').Select(line => line.TrimStart('*', ' ').Split(':', 2)).Where(parts => parts.Length == 2)
                .Select(parts => new KeyValuePair<string, string>(parts[0], parts[1].Trim())).ToImmutableArray();
    }

    public override TaskPlan Plan(DebconfArguments arguments, ImmutableArray<KeyValuePair<string, string>> facts, ModuleContext context)
    {
        static DictValue Answers(IEnumerable<KeyValuePair<string, string>> answers) => DictValue.Of(answers.Select(pair => new KeyValuePair<string, Value>(pair.Key, pair.Value)));
        var result = Results.Of(("msg", ""), ("current", Answers(facts)));
        if (arguments.Question is not { } question)
        {
            return TaskPlan.Nothing(result);
        }

        var known = facts.FirstOrDefault(pair => pair.Key == question).Value;

        // What a password is, debconf-show does not tell: it counts as given once it is there.
        var same = arguments.Type == "password" ? known == "(password omitted)" : known == arguments.Value && facts.Any(pair => pair.Key == question);
        if (same)
        {
            return TaskPlan.Nothing(result);
        }

        var answer = arguments.Type == "password" ? "(password omitted)" : arguments.Value;
        result = Results.Of(("msg", ""), ("current", Results.Of((question, answer))), ("previous", Answers(facts)), ("diff", Results.Diff(known is null ? "" : $"{question}: {known}\n", $"{question}: {answer}\n")));
        ImmutableArray<string> unseen = arguments.Unseen ? ["-u"] : [];
        return new TaskPlan([new RunProcess("debconf-set-selections", unseen) { StandardInput = Encoding.UTF8.GetBytes($"{arguments.Package} {question} {arguments.Type} {arguments.Value}\n") }], result);
    }
}

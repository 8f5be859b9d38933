using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>locale_gen</c> task asks for.</summary>
public sealed record LocaleArguments(ImmutableArray<string> Names, bool Present);

/// <summary>What a <c>locale_gen</c> task depends on.</summary>
/// <param name="Text">The content of <c>/etc/locale.gen</c>.</param>
/// <param name="State">What that file is; null for nothing.</param>
/// <param name="Made">Locales that are there, in the form <c>locale -a</c> has.</param>
public sealed record LocaleFacts(string Text, FileState? State, ImmutableArray<string> Made);

/// <summary>community.general.locale_gen: locales.</summary>
public sealed class LocaleGenModule() : TaskModule<LocaleArguments, LocaleFacts>("locale_gen", Options, "community.general.locale_gen")
{
    private const string List = "/etc/locale.gen";

    private static readonly ModuleSchema Options = new([new Option("name", OptionType.Texts) { Required = true }, new Option("state") { Default = "present", Choices = ["absent", "present"] }]);

    public override Result<LocaleArguments> Parse(OptionValues options, ModuleContext context) => new LocaleArguments(options.Texts("name"), options.TextOf("state") == "present");

    public override async Task<Result<LocaleFacts>> ReadAsync(LocaleArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var state = reader.Stat(List, follow: true);
        var text = state is not null && reader.ReadFile(List, 1024 * 1024).TryGet(out var content, out _) ? ByteText.Of(content) : "";
        var made = (await reader.RunAsync("locale", ["-a"], cancellation)).StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new LocaleFacts(text, state, [.. made]);
    }

    public override TaskPlan Plan(LocaleArguments arguments, LocaleFacts facts, ModuleContext context)
    {
        if (facts.State is null)
        {
            return TaskPlan.Failure($"{List} is not there: install the package locales");
        }

        var lines = ByteText.Lines(facts.Text);
        foreach (var name in arguments.Names)
        {
            var at = lines.FindIndex(line => Named(line, name));
            if (at < 0 && arguments.Present)
            {
                return TaskPlan.Failure($"The locale you've entered is not available on your system: {name}");
            }

            for (var i = 0; i < lines.Count; i++)
            {
                lines[i] = !Named(lines[i], name) ? lines[i] : arguments.Present ? lines[i].TrimStart('#', ' ') : "# " + lines[i].TrimStart('#', ' ');
            }
        }

        var text = string.Concat(lines);
        var isMade = arguments.Names.All(name => facts.Made.Select(Normal).Contains(Normal(name)));
        if (arguments.Present ? isMade : text == facts.Text && !arguments.Names.Any(name => facts.Made.Select(Normal).Contains(Normal(name))))
        {
            return TaskPlan.Nothing(Results.Of(("name", Results.List(arguments.Names))));
        }

        ImmutableArray<Change> write = text == facts.Text ? [] : [new WriteFile(List, ByteText.Bytes(text)) { Mode = facts.State.Mode, Uid = facts.State.Uid, Gid = facts.State.Gid }];
        return new TaskPlan([.. write, new RunProcess("locale-gen", [])], Results.Of(("name", Results.List(arguments.Names)), ("diff", Results.Diff(facts.Text, text))));
    }

    private static bool Named(string line, string name) => line.TrimStart('#', ' ').Split(' ')[0].TrimEnd('\n') is var first && Normal(first) == Normal(name);

    /// <summary><c>de_DE.UTF-8</c> and <c>de_DE.utf8</c> are one.</summary>
    private static string Normal(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}

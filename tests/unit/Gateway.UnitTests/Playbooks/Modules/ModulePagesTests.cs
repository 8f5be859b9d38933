using System.Text;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.UnitTests.Playbooks.Modules;

/// <summary>Every module has a page in <c>docs/modules</c>: its options are those of the code (written anew with <c>UPDATE_DOCS</c>), and its example parses.</summary>
public sealed class ModulePagesTests
{
    private const string Begin = "<!-- options: made from the code -->\n";
    private const string End = "<!-- end of options -->";
    private static readonly string Folder = Path.Combine(Repository(), "docs", "modules");

    public static TheoryData<string> Names { get; } = [.. ModuleTable.All.Select(module => module.Name)];

    [Fact]
    public void There_is_a_page_for_each_module_and_no_other() =>
        Assert.Equal(ModuleTable.All.Select(module => module.Name).Order(StringComparer.Ordinal), Directory.GetFiles(Folder, "*.md").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_tells_the_options_of_the_code(string name)
    {
        var path = Path.Combine(Folder, name + ".md");
        var text = File.ReadAllText(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var table = Table(ModuleTable.Find(name)!);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is not null)
        {
            File.WriteAllText(path, string.Concat(text.AsSpan(0, begin), table, text.AsSpan(end)));
            return;
        }

        Assert.Equal(table, text[begin..end]);
        Assert.Contains("## Differences from Ansible\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_example_on_a_page_is_a_playbook(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name + ".md"));
        var example = text.Split("```yaml\n")[1].Split("```")[0];
        var parsed = PlaybookParser.Parse(SignatureVerifier.Waive(new SourceText(name, Encoding.UTF8.GetBytes(example))), ParseOptions.Unsigned);
        Assert.True(parsed.IsSuccess, string.Join('\n', parsed.Failures));
        Assert.Contains(parsed.Value.AllTasks, task => task.Module == name);
    }

    private static string Table(TaskModule module)
    {
        var names = module.OtherNames.Where(name => !name.Contains(".legacy.", StringComparison.Ordinal)).Select(name => $"`{name}`").ToList();
        var text = new StringBuilder(names.Count > 0 ? $"\nAlso called {string.Join(", ", names)}.\n" : "");
        text.Append(module.Schema.FreeForm is null ? "" : "\nThe text after the module's name is taken as well.\n");
        text.Append(module.SupportsCheck ? "" : "\nIn check mode it is skipped.\n");
        var options = module.Schema.Options.Where(option => option.Name != "_raw_params").ToList();
        if (options.Count > 0)
        {
            text.Append("\n| option | kind | default | other names |\n|---|---|---|---|\n");
            foreach (var option in options)
            {
                text.Append($"| `{option.Name}`{(option.Required ? " (needed)" : "")} | {Kind(option)} | {(option.Default is { } value && value.ToString() is { Length: > 0 } usual ? $"`{Escaped(usual)}`" : "")} | {string.Join(", ", option.Aliases.Select(name => $"`{name}`"))} |\n");
            }
        }

        var without = module.Schema.NotSupported.Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`").ToList();
        text.Append(without.Count > 0 ? $"\nNot supported, and refused by name: {string.Join(", ", without)}.\n" : "");
        foreach (var refused in module.Schema.Options.SelectMany(option => option.Refused.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"\n`{option.Name}: {pair.Key}` is refused: {pair.Value}.\n")))
        {
            text.Append(refused);
        }

        return text.Append('\n').ToString();
    }

    private static string Kind(Option option) => !option.Choices.IsEmpty ? string.Join(" / ", option.Choices.Select(choice => $"`{Escaped(choice)}`")) : option.Type switch
    {
        OptionType.Boolean => "yes or no",
        OptionType.Integer => "number",
        OptionType.Path => "path",
        OptionType.Texts => "list",
        OptionType.Text => "text",
        OptionType.Unrendered => "conditions",
        _ => "anything",
    };

    private static string Escaped(string text) => text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests do not run in the repository");
        }

        return folder.FullName;
    }
}

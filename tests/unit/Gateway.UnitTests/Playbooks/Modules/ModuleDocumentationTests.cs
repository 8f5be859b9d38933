using System.Text;
using Gateway.Playbooks.Modules;

namespace Gateway.UnitTests.Playbooks.Modules;

/// <summary>The table of modules in <c>docs/playbooks.md</c> is what the code has. With <c>UPDATE_DOCS</c> set it is written anew.</summary>
public sealed class ModuleDocumentationTests
{
    private const string Begin = "<!-- modules: made from the code -->\n";
    private const string End = "<!-- end of modules -->";

    [Fact]
    public void The_table_of_modules_is_that_of_the_code()
    {
        var path = Path.Combine(Repository(), "docs", "playbooks.md");
        var text = File.ReadAllText(path);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        var table = Table();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") is not null)
        {
            File.WriteAllText(path, string.Concat(text.AsSpan(0, begin), table, text.AsSpan(end)));
            return;
        }

        Assert.Equal(table, text[begin..end]);
    }

    private static string Table()
    {
        var table = new StringBuilder("\n| module | options | not supported |\n|---|---|---|\n");
        foreach (var module in ModuleTable.All.OrderBy(module => module.Name, StringComparer.Ordinal))
        {
            var names = module.OtherNames.Where(name => !name.Contains(".legacy.", StringComparison.Ordinal) && name != "ansible.builtin." + module.Name).Select(name => $"`{name}`");
            var options = module.Schema.Options.Where(option => option.Name != "_raw_params").Select(Describe);
            table.Append("| [`").Append(module.Name).Append("`](modules/").Append(module.Name).Append(".md)").Append(string.Concat(names.Select(name => ", " + name)))
                .Append(" | ").AppendJoin(", ", module.Schema.FreeForm is null ? options : options.Prepend("the text after the module"))
                .Append(" | ").AppendJoin(", ", module.Schema.NotSupported.Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`")).Append(" |\n");
        }

        return table.Append('\n').ToString();
    }

    private static string Describe(Option option)
    {
        var text = new StringBuilder($"`{option.Name}`");
        text.Append(option.Required ? " (needed)" : "");
        text.Append(option.Choices.IsEmpty ? "" : $": {string.Join(" / ", option.Choices.Select(choice => choice.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)))}");
        return text.ToString();
    }

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

using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.UnitTests.Playbooks;

/// <summary>The page of the language names everything there is.</summary>
public sealed class LanguagePageTests
{
    [Fact]
    public void Every_keyword_filter_test_lookup_and_fact_is_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository(), "docs/playbooks.md"));
        var names = Keywords.Play.Concat(Keywords.Task).Concat(Keywords.Block).Concat(Keywords.Handler).Concat(Keywords.RoleEntry).Concat(Keywords.ImportPlaybook).Concat(Keywords.LoopControl)
            .Concat(Templar.FilterNames).Concat(Templar.TestNames).Concat(Templar.LookupNames).Concat(HostFacts.AllNames.Where(name => name.StartsWith("ansible_", StringComparison.Ordinal)));
        Assert.DoesNotContain(names.Distinct(), name => !page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}

using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Yaml;
using Gateway.UnitTests.Playbooks.Expressions;

namespace Gateway.UnitTests.Playbooks.Modules;

/// <summary>
/// Every case in <c>cases/*.yml</c>: what a task asks for and how the machine is, and the changes a module plans (or why it
/// cannot). A case with <c>result</c> names what is registered, one with <c>shows</c> parts of dictionaries in it; <c>again</c> says that the task is planned once more afterwards.
/// </summary>
public sealed class ModuleCasesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Playbooks", "Modules", "cases");
    private static readonly Dictionary<string, DictValue> Cases = Read();

    public static TheoryData<string> Names { get; } = [.. Cases.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_module_plans_what_is_missing_and_no_more(string name)
    {
        var one = Cases[name];
        var module = ModuleTable.Find(name.Split(':')[0])!;
        var arguments = Dict(one, "arguments").Entries.ToDictionary(entry => module.Schema.Find(entry.Key.ToString())!.Name, entry => entry.Value, StringComparer.Ordinal);
        var (values, wrong) = module.Schema.Bind(arguments);
        Assert.True(values is not null, wrong);
        var context = new ModuleContext(one.TryGet("check", out _), Diff: false, Verbosity: 0, Expressions.Cases.At, [], new Templar(), new Variables(Dict(one, "vars")))
        {
            Round = one.TryGet("round", out _) ? 1 : 0,
        };
        var plan = await module.PlanAsync(values, context, new FakeHost(Dict(one, "facts")), CancellationToken.None);
        if (one.TryGet("fails", out var why))
        {
            Assert.True(plan.IsFailure, string.Join('\n', plan.Changes.Select(ChangeText.Of)));
            Assert.Equal(why.ToString(), plan.Result.TryGet("msg", out var message) ? message.ToString() : "");
            return;
        }

        Assert.False(plan.IsFailure, plan.Result.ToString());
        Assert.Equal(string.Join('\n', List(one, "changes")), string.Join('\n', plan.Changes.Select(ChangeText.Of)));
        Assert.Equal(one.TryGet("again", out _), plan.PlanAgain);
        foreach (var entry in Dict(one, "result").Entries)
        {
            Assert.True(plan.Result.TryGet(entry.Key.ToString(), out var value), $"no {entry.Key} in {plan.Result}");
            Assert.Equal(entry.Value.ToString(), value!.ToString());
        }

        foreach (var entry in Dict(one, "shows").Entries)
        {
            Assert.True(plan.Result.TryGet(entry.Key.ToString(), out var value), $"no {entry.Key} in {plan.Result}");
            var among = Assert.IsType<DictValue>(value);
            Assert.Equal(entry.Value.ToString(), DictValue.Of(((DictValue)entry.Value).Keys.Select(key => new KeyValuePair<Value, Value>(key, among.TryGet(key, out var part) ? part : "nothing"))).ToString());
        }
    }

    /// <summary>Modules that only tell the runner something are tested where they run.</summary>
    [Fact]
    public void Every_module_has_cases()
    {
        string[] runner = ["fail", "include_role", "include_tasks", "include_vars", "meta", "ping", "set_fact", "setup"];
        var names = ModuleTable.All.Select(module => module.Name).Except(runner).ToList();
        Assert.Equal([], names.Where(name => Cases.Keys.Count(one => one.StartsWith(name + ":", StringComparison.Ordinal)) < 4));
    }

    private static Dictionary<string, DictValue> Read()
    {
        var cases = new Dictionary<string, DictValue>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Folder, "*.yml"))
        {
            var text = new SourceText(Path.GetFileName(file), File.ReadAllBytes(file));
            var list = (ListValue)Yaml11.ToValue(YamlReader.Read(text, tags: Yaml11.Tags).Value).Value;
            foreach (var one in list.Items.Cast<DictValue>())
            {
                cases.Add($"{Path.GetFileNameWithoutExtension(file)}: {(one.TryGet("name", out var name) ? name : "")}", one);
            }
        }

        return cases;
    }

    private static DictValue Dict(DictValue one, string key) => one.TryGet(key, out var value) ? (DictValue)value : DictValue.Empty;

    private static IEnumerable<string> List(DictValue one, string key) => one.TryGet(key, out var value) ? ((ListValue)value).Items.Select(item => item.ToString()) : [];
}

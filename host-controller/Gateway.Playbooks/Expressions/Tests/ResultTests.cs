using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Tests;

/// <summary>How a registered task ended.</summary>
internal static class ResultTests
{
    public static ImmutableArray<Test> All { get; } =
    [
        .. Of(result => Get(result, "failed"), "failed", "failure"),
        .. Of(result => !Get(result, "failed").IsTrue, "succeeded", "success", "successful"),
        .. Of(Changed, "changed", "change"),
        .. Of(result => Get(result, "skipped"), "skipped", "skip"),
        .. Of(result => Get(result, "unreachable"), "unreachable"),
        .. Of(result => !Get(result, "unreachable").IsTrue, "reachable"),
        .. Of(result => Asynchronous(result, "started"), "started"),
        .. Of(result => Asynchronous(result, "finished"), "finished"),
    ];

    private static IEnumerable<Test> Of(Func<DictValue, Value> judge, params string[] names) => names.Select(name => new Test(name, (_, value, _) =>
        judge(value as DictValue ?? throw new TemplateException($"The '{names[0]}' test expects a dictionary"))));

    private static Value Get(DictValue result, string key) => result.TryGet(key, out var value) ? value : BoolValue.False;

    private static Value Changed(DictValue result)
    {
        if (result.TryGet("changed", out var changed))
        {
            return changed;
        }

        return result.TryGet("results", out var results) && results is ListValue { Items: [DictValue, ..] } list && list.Items.OfType<DictValue>().Any(item => Get(item, "changed").IsTrue);
    }

    private static bool Asynchronous(DictValue result, string key) => !result.TryGet(key, out var value) || PythonEquality.Number(value) == 1;
}

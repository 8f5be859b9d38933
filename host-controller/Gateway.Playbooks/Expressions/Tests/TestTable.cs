using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions.Evaluation;

namespace Gateway.Playbooks.Expressions.Tests;

/// <summary>A test: its name and how it judges a value.</summary>
/// <param name="Name">The name after <c>is</c>.</param>
/// <param name="Apply">How it judges; the result's truth counts.</param>
/// <param name="TakesUndefined">Whether it may be given something undefined.</param>
internal sealed record Test(string Name, Func<Evaluator, Value, Arguments, Value> Apply, bool TakesUndefined = false);

/// <summary>Every test by name.</summary>
internal static class TestTable
{
    private static readonly ImmutableDictionary<string, Test> Known =
        TypeTests.All.AddRange(CompareTests.All).AddRange(ResultTests.All).AddRange(FileTests.All).ToImmutableDictionary(test => test.Name, StringComparer.Ordinal);

    /// <summary>The names of all tests there are.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    public static Test? Find(string name) => Known.GetValueOrDefault(Short(name));

    /// <summary>Why there is no such test.</summary>
    public static string Unknown(string name) => Short(name) is "vault_encrypted" or "uri" or "url" or "urn"
        ? $"test '{name}' is not supported"
        : $"No test named '{name}'{Nearest.Hint(name, Known.Keys)}.";

    private static string Short(string name) => name.StartsWith("ansible.builtin.", StringComparison.Ordinal) ? name["ansible.builtin.".Length..] : name;
}

using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.UnitTests.Playbooks.Expressions;

/// <summary>Cases whose expected values Debian's ansible-core gave (cases/generate.py), read from beside the tests.</summary>
internal static class Cases
{
    public static Position At { get; } = new("case", 1, 1);

    public static TheoryData<string, string?, string?> Of(string name)
    {
        var data = new TheoryData<string, string?, string?>();
        using var document = JsonDocument.Parse(File.ReadAllText(PathOf(name)));
        foreach (var one in document.RootElement.EnumerateArray())
        {
            data.Add(one.GetProperty("source").GetString()!,
                one.TryGetProperty("value", out var value) ? value.GetString() : null,
                one.TryGetProperty("error", out var error) ? error.GetString() : null);
        }

        return data;
    }

    /// <summary>The variables the cases were evaluated with, and some that hold templates.</summary>
    public static Variables Variables { get; } = new((DictValue)ValueJson.Read(File.ReadAllText(PathOf("vars.json")), At).Value, DictValue.Of(
        ("lazy", "{{ s }}-{{ x }}"), ("lazy2", "<{{ lazy }}>"), ("lazylist", new ListValue(["{{ x }}", "b"])), ("lazydict", DictValue.Of(("p", "{{ s }}"))),
        ("lazyint", "{{ x }}"), ("cyc1", "{{ cyc2 }}"), ("cyc2", "{{ cyc1 }}"), ("lazybad", "{{ missing }}")));

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Playbooks", "Expressions", "cases", name);
}

internal sealed class Variables(params DictValue[] layers) : IVariables
{
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Value value)
    {
        foreach (var layer in layers)
        {
            if (layer.TryGet(name, out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }
}

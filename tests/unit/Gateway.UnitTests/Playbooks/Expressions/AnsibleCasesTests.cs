using System.Text;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Yaml;

namespace Gateway.UnitTests.Playbooks.Expressions;

public class AnsibleCasesTests
{
    private static readonly Templar Templar = new();

    public static TheoryData<string, string?, string?> Expressions => Cases.Of("expressions.expected.json");

    public static TheoryData<string, string?, string?> Templates => Cases.Of("templates.expected.json");

    public static TheoryData<string, string?, string?> Scalars => Cases.Of("scalars.expected.json");

    [Theory]
    [MemberData(nameof(Expressions))]
    public void An_expression_has_the_value_that_Ansible_gives_it(string source, string? value, string? error)
    {
        var result = Templar.Evaluate(source, Cases.At, Cases.Variables);

        Assert.Equal((value, error is not null), (result.IsSuccess ? PythonText.Repr(result.Value) : null, !result.IsSuccess));
        if (error?.EndsWith(" is undefined", StringComparison.Ordinal) == true)
        {
            Assert.Contains(error, result.Failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_renders_as_Ansible_renders_it(string source, string? value, string? error)
    {
        var result = Templar.Render(source, Cases.At, Cases.Variables);

        Assert.Equal((value, error is not null), (result.IsSuccess ? PythonText.Repr(result.Value) : null, !result.IsSuccess));
    }

    [Theory]
    [MemberData(nameof(Scalars))]
    public void A_plain_scalar_has_the_type_that_PyYAML_gives_it(string source, string? value, string? error)
    {
        var result = YamlReader.Read(new SourceText("case", Encoding.UTF8.GetBytes("k: " + source))).Then(Yaml11.ToValue);

        Assert.Equal((value, error is not null), (result.IsSuccess ? PythonText.Repr(((DictValue)result.Value).Entries[0].Value) : null, !result.IsSuccess));
    }
}

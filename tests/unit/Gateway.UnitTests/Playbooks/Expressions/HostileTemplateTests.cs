using System.Diagnostics;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.UnitTests.Playbooks.Expressions;

public class HostileTemplateTests
{
    private static readonly Templar Templar = new();

    [Theory]
    [InlineData("{{ range(10**12) | list }}")]
    [InlineData("{{ 'x' * 10**9 }}")]
    [InlineData("{{ [1] * 10**9 }}")]
    [InlineData("{{ 'x'.ljust(10**12) }}")]
    [InlineData("{{ '%1000000000d' % 5 }}")]
    [InlineData("{{ ('a' * 30) is match('(a+)+b') and ('a' * 40) is match('(a+)+b') }}")]
    [InlineData("{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(200) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [InlineData("{{ 2 ** 10 ** 10 }}")]
    [InlineData("{{ [1,2,3,4,5,6,7,8,9,10] | product([1,2,3,4,5,6,7,8,9,10], repeat=9) }}")]
    [InlineData("{{ 'a' | regex_replace('a{,999999}{,999999}', 'b') * 10**9 }}")]
    [InlineData("{{ cyc1 }}")]
    [InlineData("{{ bomb9 }}")]
    public void Costly_text_is_refused_in_bounded_time(string template)
    {
        var bombs = DictValue.Of(Enumerable.Range(0, 10).Select(i => new KeyValuePair<string, Value>(
            $"bomb{i}", i == 0 ? "x" : string.Concat(Enumerable.Repeat($"{{{{ bomb{i - 1} }}}}", 20)))));
        var started = Stopwatch.StartNew();

        var result = Templar.Render(template, Cases.At, new Variables(bombs, DictValue.Of(("cyc1", "{{ cyc2 }}"), ("cyc2", "{{ cyc1 }}"))));

        Assert.False(result.IsSuccess);
        Assert.StartsWith("case:1:1", result.Failure.ToString(), StringComparison.Ordinal);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(30), $"took {started.Elapsed}");
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("not ", "")]
    [InlineData("-", "")]
    [InlineData("1+", "")]
    [InlineData("1 if 1 else ", "")]
    [InlineData("{1:", "}")]
    public void Deep_nesting_is_refused_and_does_not_crash(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 50_000)) + "1" + string.Concat(Enumerable.Repeat(close, 50_000));

        Assert.False(Templar.Render("{{ " + deep + " }}", Cases.At, Cases.Variables).IsSuccess);
        Assert.False(Templar.Render("x" + deep + string.Concat(Enumerable.Repeat("{% if 1 %}", 20_000)), Cases.At, Cases.Variables).IsSuccess);
    }

    [Fact]
    public void Random_templates_give_a_value_or_a_failure_and_never_an_exception()
    {
        string[] parts = ["{{", "}}", "{%", "%}", "{#", "#}", " ", "x", "l", "d", ".", "[", "]", "(", ")", "|", "if", "else", "for i in", "endfor", "set", "is", "not", "in", "+", "-", "*", "**", "//", "%",
            "~", "'a'", "\"", "'", "\\", "1", "0", "1.5", ",", ":", "{", "}", "map", "select", "join", "regex_search", "(a", "default", "sort", "\n", "é", "\ud83d\ude00", "\0", "==", "<", "s", "raw", "endraw", "macro m()", "endmacro"];
        var random = new Random(20261121);
        for (var i = 0; i < 4_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => parts[random.Next(parts.Length)]));
            foreach (var template in (string[])[text, "{{ " + text + " }}", "{% " + text + " %}"])
            {
                _ = Templar.Render(template, Cases.At, Cases.Variables);
                _ = Templar.Test(text, Cases.At, Cases.Variables);
                _ = Templar.Check(template, Cases.At);
            }
        }
    }

    [Theory]
    [InlineData("{{ out }}", "{{ s }}")]
    [InlineData("<{{ out }}>", "<{{ s }}>")]
    [InlineData("{{ via }}", "{{ s }}")]
    [InlineData("{{ out | upper }}", "{{ S }}")]
    public void Unsafe_text_is_never_rendered_and_what_it_went_into_is_unsafe(string template, string expected)
    {
        var variables = new Variables(DictValue.Of(("out", new TextValue("{{ s }}", Unsafe: true)), ("via", "{{ out }}"), ("s", "secret")));

        var result = Templar.Render(template, Cases.At, variables).Value;

        var text = Assert.IsType<TextValue>(result);
        Assert.Equal(expected, text.Value);
        Assert.True(text.Unsafe);
        Assert.Equal(text, Templar.Resolve(text, Cases.At, variables).Value);
    }

    [Theory]
    [InlineData("{{ lookup('file', '/etc/passwd') }}", "needs the machine, which is not known here")]
    [InlineData("{{ lookup('password', '/etc/x') }}", "lookup 'password' is not supported")]
    [InlineData("{{ '/x' is exists }}", "needs the machine, which is not known here")]
    [InlineData("{{ 5 | random }}", "filter 'random' is not supported")]
    [InlineData("{% include 'x' %}", "needs the machine, which is not known here")]
    [InlineData("{% extends 'x' %}", "'{% extends %}' is not supported")]
    [InlineData("{{ l.append(1) }}", "list.append() is not supported")]
    [InlineData("{{ s | uper }}", "did you mean 'upper'?")]
    [InlineData("{{ 2 ** 70 }}", "does not fit into 64 bits")]
    [InlineData("{{ 'a' | regex_search('a++') }}", "possessive quantifiers")]
    public void What_is_not_supported_is_refused_by_name(string template, string message) =>
        Assert.Contains(message, Templar.Render(template, new Position("site.yml", 7, 11), Cases.Variables).Failure.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_variable_alone_keeps_its_type_and_an_expression_is_a_text_that_may_look_like_something_else()
    {
        Assert.Equal(new IntValue(5), Templar.Render("{{ x }}", Cases.At, Cases.Variables).Value);
        Assert.Equal(new TextValue("6"), Templar.Render("{{ x + 1 }}", Cases.At, Cases.Variables).Value);
        Assert.Equal(new TextValue("5"), Templar.Render("{{ lazyint }}", Cases.At, Cases.Variables).Value);
        Assert.Equal("[1]", PythonText.Repr(Templar.Render("{{ '[1]' }}", Cases.At, Cases.Variables).Value));
        Assert.Equal("'[1]'", PythonText.Repr(Templar.Render("{{ [1] | to_json }}", Cases.At, Cases.Variables).Value));
        Assert.Equal(BoolValue.True, Templar.Render("{{ x == 5 }}", Cases.At, Cases.Variables).Value);
        Assert.Equal(OmitValue.Instance, Templar.Render("{{ nope | default(omit) }}", Cases.At, Cases.Variables).Value);
    }
}

using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.UnitTests.Core.Yaml;

public class YamlReaderTests
{
    private static Result<YamlNode> Read(string text, YamlLimits? limits = null) =>
        YamlReader.Read(new SourceText("doc.yml", Encoding.UTF8.GetBytes(text)), limits);

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", "doc.yml:3:1: key 'a' stands here a second time")]
    [InlineData("a: !!python/object:os.system x\n", "doc.yml:1:4: tag 'tag:yaml.org,2002:python/object:os.system' is not allowed")]
    [InlineData("a: *b\n", "doc.yml:1:4: ")]
    [InlineData("a: 1\n---\nb: 2\n", "doc.yml:2:1: a second document begins here; one is allowed")]
    [InlineData("[a, b]: 1\n", "doc.yml:1:1: a key must be a scalar")]
    [InlineData("", "doc.yml: is empty")]
    [InlineData("a: [1, 2\n", "doc.yml:")]
    [InlineData("a: b: c\n", "doc.yml:1:5: is not valid YAML")]
    public void What_is_not_allowed_is_refused_with_its_position(string text, string message)
    {
        var result = Read(text);

        Assert.False(result.IsSuccess);
        Assert.StartsWith(message, result.Failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(Phase.Parse, result.Failure.Phase);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        var result = YamlReader.Read(new SourceText("doc.yml", new byte[] { 0x61, 0x3a, 0x20, 0xff, 0xfe }));

        Assert.Equal("doc.yml: is not UTF-8", result.Failure.ToString());
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused_before_it_expands()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 10; i++)
        {
            text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.Contains("expands to more than 200000 nodes", Read(text.ToString()).Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var text = string.Concat(Enumerable.Repeat("[", 100_000));

        Assert.Contains("nested more than 64 deep", Read(text).Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Size_is_bounded() =>
        Assert.Contains("at most 10 are allowed", Read("a: 1234567890", YamlLimits.Default with { Bytes = 10 }).Failure.Message, StringComparison.Ordinal);

    [Fact]
    public void Merge_keys_fill_what_the_mapping_does_not_say_itself()
    {
        var node = Read("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\n");

        var use = Assert.IsType<YamlMapping>(((YamlMapping)node.Value)["use"]);
        Assert.Equal("1", ((YamlScalar)use["x"]!).Text);
        Assert.Equal("3", ((YamlScalar)use["y"]!).Text);
    }

    [Fact]
    public void A_quoted_scalar_is_a_string_whatever_it_looks_like()
    {
        var map = (YamlMapping)Read("a: '12'\nb: 12\nc: 0o14\nd: true\ne: 'true'\nf: 012\n").Value;

        Assert.Null(CoreSchema.Integer((YamlScalar)map["a"]!));
        Assert.Equal(12, CoreSchema.Integer((YamlScalar)map["b"]!));
        Assert.Equal(12, CoreSchema.Integer((YamlScalar)map["c"]!));
        Assert.True(CoreSchema.Boolean((YamlScalar)map["d"]!));
        Assert.Null(CoreSchema.Boolean((YamlScalar)map["e"]!));
        Assert.Equal(12, CoreSchema.Integer((YamlScalar)map["f"]!));
    }
}

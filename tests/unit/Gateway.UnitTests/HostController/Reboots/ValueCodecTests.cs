using System.Text.Json;
using Gateway.HostController.Run;
using Gateway.HostController.Run.Journal;
using Gateway.Playbooks.Expressions;

namespace Gateway.UnitTests.HostController.Reboots;

/// <summary>What is kept over a boot comes back as it was.</summary>
public sealed class ValueCodecTests
{
    public static TheoryData<string, Value> Values { get; } = new()
    {
        { "none", NullValue.None },
        { "truth", BoolValue.True },
        { "number", 1L << 62 },
        { "float", 0.1 },
        { "infinity", double.PositiveInfinity },
        { "template", "{{ x }}" },
        { "unsafe", new TextValue("{{ x }}", Unsafe: true) },
        { "list", ListValue.Of([1L, "a", ListValue.Empty]) },
        { "tuple", new ListValue([1L], IsTuple: true) },
        { "dict", DictValue.Of([new KeyValuePair<Value, Value>(1L, "a"), new("b", DictValue.Empty), new(BoolValue.False, NullValue.None)]) },
        { "time", new TimeValue(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)), IsDate: false, HasOffset: true) },
        { "date", new TimeValue(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), IsDate: true, HasOffset: false) },
        { "undefined", new UndefinedValue("'x' is undefined") },
        { "omit", OmitValue.Instance },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_as_it_was(string name, Value value)
    {
        var back = Back(value);
        Assert.True(value.Equals(back), $"{name}: {value} came back as {back}");
        Assert.Equal((value as TextValue)?.Unsafe, (back as TextValue)?.Unsafe);
        Assert.Equal(value.ToString(), back.ToString());
    }

    [Fact]
    public void A_journal_comes_back_with_what_was_shown_and_notified()
    {
        var result = DictValue.Of(("changed", true), ("stdout", new TextValue("secret", Unsafe: true)));
        JournalEntry[] entries =
        [
            new("p.yml:3:5 command", null, new TaskOutcome(result, DictValue.Of(("censored", "hidden"))) { IsCensored = true, IgnoresErrors = true, Notify = ["one", "two"] }),
            new("p.yml:4:5 meta", true, null),
        ];
        var back = JournalCodec.Read(JournalCodec.Write([.. entries]));
        Assert.Equal((entries[0].Place, entries[1]), (back[0].Place, back[1]));
        Assert.Equal((result, "hidden"), (back[0].Outcome!.Result, back[0].Outcome!.Shown.TryGet("censored", out var shown) ? shown.ToString() : ""));
        Assert.Equal((true, true, "one two"), (back[0].Outcome!.IsCensored, back[0].Outcome!.IgnoresErrors, string.Join(' ', back[0].Outcome!.Notify)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""[{"place":1}]""")]
    [InlineData("""[{"place":"x","result":3}]""")]
    [InlineData("""[{"place":"x"}]""")]
    public void What_is_no_journal_is_told_apart(string text) => Assert.Throws<JsonException>(() => JournalCodec.Read(System.Text.Encoding.UTF8.GetBytes(text)));

    private static Value Back(Value value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            ValueCodec.Write(writer, value);
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return ValueCodec.Read(document.RootElement);
    }
}

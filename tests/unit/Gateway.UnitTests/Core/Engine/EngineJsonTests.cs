using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Engine;
using Gateway.Core.Json;

namespace Gateway.UnitTests.Core.Engine;

public sealed class EngineJsonTests
{
    [Fact]
    public void What_an_engine_leaves_out_or_says_is_null_reads_as_empty()
    {
        foreach (var text in new[] { "{}", """{"Config":null,"State":null,"HostConfig":null,"NetworkSettings":null,"Mounts":null}""", """{"Config":{"Labels":null,"Env":null},"NewInVersion99":[1]}""" })
        {
            var details = JsonSerializer.Deserialize(text, EngineJson.Default.ContainerDetails)!;

            Assert.Empty(details.Config.Labels);
            Assert.Empty(details.Config.Env);
            Assert.Empty(details.Mounts);
            Assert.Empty(details.NetworkSettings.Networks);
            Assert.Null(details.State.Health);
            Assert.Equal("", details.Name);
        }
    }

    [Fact]
    public void Times_with_nanoseconds_and_the_zero_time_are_read()
    {
        var state = JsonSerializer.Deserialize("""{"State":{"StartedAt":"2026-01-02T03:04:05.123456789Z","FinishedAt":"0001-01-01T00:00:00Z"}}""", EngineJson.Default.ContainerDetails)!.State;

        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), state.StartedAt.AddTicks(-1234567));
        Assert.Equal(DateTimeOffset.MinValue, state.FinishedAt);
    }

    [Fact]
    public void A_create_body_holds_only_what_was_said()
    {
        var body = new ContainerSpec { Image = "a", HostConfig = new HostConfigSpec { Memory = 5 } }.ToJson();

        Assert.Equal("""{"Image":"a","HostConfig":{"Memory":5}}""", body.ToJsonString());
    }

    [Fact]
    public void Laying_an_object_over_another_merges_objects_and_replaces_the_rest()
    {
        var under = JsonNode.Parse("""{"a":1,"b":{"c":[1,2],"d":true},"e":{"f":1}}""")!.AsObject();
        var over = JsonNode.Parse("""{"a":2,"b":{"c":[3]},"e":null,"g":{}}""")!.AsObject();

        Assert.Equal("""{"a":2,"b":{"c":[3],"d":true},"e":null,"g":{}}""", JsonMerge.Merge(under, over).ToJsonString());
        Assert.Equal(1, (int)under["a"]!);
    }

    [Theory]
    [InlineData("""{"status":"Downloading","progressDetail":{"current":5,"total":10},"id":"abc"}""", null)]
    [InlineData("""{"status":"Pulling","progressDetail":{}}""", null)]
    [InlineData("""{"errorDetail":{"code":1,"message":"broken"},"error":"shorter"}""", "broken")]
    [InlineData("""{"error":"only this"}""", "only this")]
    public void A_progress_line_tells_whether_it_is_an_error(string text, string? wrong)
    {
        var line = JsonSerializer.Deserialize(text, EngineJson.Default.ProgressLine)!;

        Assert.Equal(wrong, line.Wrong);
        Assert.Equal(line.Id == "abc" ? 5 : 0, line.ToProgress().Current);
    }

    [Theory]
    [InlineData("{\"stream\":\"Loaded image: a/b:1\\n\"}", "a/b:1")]
    [InlineData("{\"stream\":\"Loaded image ID: sha256:12\\n\"}", "sha256:12")]
    [InlineData("{\"status\":\"Loading layer\"}", null)]
    public void What_was_loaded_is_read_from_the_line_that_says_so(string text, string? reference)
    {
        Assert.Equal(reference, ImageStreams.LoadedReference(JsonSerializer.Deserialize(text, EngineJson.Default.ProgressLine)!));
    }
}

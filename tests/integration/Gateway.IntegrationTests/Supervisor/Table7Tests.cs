using System.Text;
using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The rows "Container Supervisor" of the Flex4Grid thesis's table 7, data validation, under their names.</summary>
[Collection("sandbox")]
public sealed class Table7Tests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Theory]
    [InlineData("not valid JSON")]
    [InlineData("JSON, but not an envelope")]
    [InlineData("an envelope around what is not a document")]
    [InlineData("a document that does not conform to the schema")]
    public async Task Invalid_update_message_data_format(string what)
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("t7format", "sleep", "infinity");
        var good = Operator.Desired(1, App(image, "environment: {NOTE: evil}"));
        byte[] message = what switch
        {
            "not valid JSON" => (await gateway.Author.EnvelopeAsync(good))[..^20],
            "JSON, but not an envelope" => """{"payload": ["a", "list"], "signature": 7}"""u8.ToArray(),
            "an envelope around what is not a document" => await gateway.Author.EnvelopeAsync("- just\n- a list\n"),
            _ => await gateway.Author.EnvelopeAsync(good.Replace("services:", "servicez:", StringComparison.Ordinal)),
        };
        await AssertDiscardedAsync(gateway, image, message);
    }

    [Theory]
    [InlineData("random bytes")]
    [InlineData("a number for an image")]
    [InlineData("a text for a mapping")]
    [InlineData("a list for a number")]
    public async Task Garbage_data_in_update_message(string what)
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("t7garbage", "sleep", "infinity");
        var random = new byte[4000];
        new Random(7).NextBytes(random);
        // One wrong type beside a good application: the whole message goes.
        var wrong = what switch
        {
            "a number for an image" => "{one: {image: [7]} }",
            "a text for a mapping" => "just a text",
            _ => $"{{one: {{image: \"{image}\", pids_limit: [1, 2]}} }}",
        };
        var message = what == "random bytes" ? random : await gateway.Author.EnvelopeAsync(Operator.Desired(2, App(image, "environment: {NOTE: evil}") + $"\n  other:\n    services: {wrong}"));
        await AssertDiscardedAsync(gateway, image, message);
    }

    [Fact]
    public async Task Invalid_signature_in_update_message_is_discarded()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("t7signature", "sleep", "infinity");
        var signed = Operator.Desired(2, App(image, "environment: {NOTE: good}"));
        var signature = Encoding.ASCII.GetString(await gateway.Author.SignAsync(signed));
        await AssertDiscardedAsync(gateway, image, Operator.Envelope(signed.Replace("good", "evil", StringComparison.Ordinal), signature));
    }

    [Fact]
    public async Task Invalid_signature_in_update_message_is_accepted_when_the_local_configuration_waives_it()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, "require_signature: false");
        var image = await sandbox.PushTestImageAsync("t7waived", "sleep", "infinity");
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.Last("presence") == "online");
        await gateway.Supervisor.PublishAsync(gateway.Topic, Operator.Envelope(Operator.Desired(1, App(image, "environment: {NOTE: unsigned}")), ""), retained: true);
        await gateway.Supervisor.StatusAsync(status => (string?)status["applications"]?["t7"]?["state"] == "running");
        Assert.Contains("NOTE=unsigned", (await gateway.ContainerAsync("t7-one")).Config.Env);
    }

    [Theory]
    [InlineData("command: [/no/such/program]", "/no/such/program")]
    [InlineData("user: nobody-of-that-name", "nobody-of-that-name")]
    [InlineData("mem_limit: 1m", "memory")]
    [InlineData("sysctls: {net.no_such_thing: 1}", "no_such_thing")]
    [InlineData("working_dir: /bin/sh", "bin/sh")]
    public async Task Semantically_unsane_data_in_update_message(string unfeasible, string error)
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("t7unsane", "sleep", "infinity");
        await gateway.ApplyAsync($"  other: {{services: {{one: {{image: \"{image}\", stop_signal: SIGKILL}} }} }}");
        var other = await gateway.IdAsync("other-one");

        await gateway.DesireAsync(App(image, unfeasible) + $"\n  other: {{services: {{one: {{image: \"{image}\", stop_signal: SIGKILL}} }} }}");
        var status = await gateway.StateAsync("t7", "failed");

        Assert.Contains(error, SupervisedGateway.ReasonOf(status, "t7"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(status["errors"]!.AsArray(), entry => (string?)entry!["subject"] == "t7" && ((string?)entry["message"])!.Contains(error, StringComparison.OrdinalIgnoreCase));
        Assert.True(gateway.Runs("other-one", other));
        Assert.False(gateway.Runs("t7-one"));

        // It is resolved when something sane is published.
        status = await gateway.ApplyAsync(App(image, "environment: {NOTE: sane}"));
        status = await gateway.Supervisor.StatusAsync(now => now["errors"]!.AsArray().Count == 0);
        Assert.Equal("running", (string?)status["applications"]!["t7"]!["state"]);
    }

    /// <summary>A message that comes while a release is in force leaves all as it is, and is told of.</summary>
    private static async Task AssertDiscardedAsync(SupervisedGateway gateway, string image, byte[] message)
    {
        await gateway.ApplyAsync(App(image, "environment: {NOTE: first}"));
        var before = await gateway.ContainerAsync("t7-one");

        await gateway.Supervisor.PublishAsync(gateway.Topic, message, retained: true);
        var status = await gateway.Supervisor.StatusAsync(status => status["desired"]?["gateway"]?["refused"] is not null);

        Assert.Equal((1, "applied"), ((int)status["desired"]!["gateway"]!["serial"]!, (string?)status["desired"]!["gateway"]!["state"]));
        await Task.Delay(500);
        var after = await gateway.ContainerAsync("t7-one");
        Assert.Equal((before.Id, before.State.StartedAt), (after.Id, after.State.StartedAt));
        Assert.Equal(["t7-one"], (await gateway.ContainersAsync("t7")).Keys);
        Assert.False(gateway.IsThere("other-one"));
    }

    private static string App(string image, string more) => $$"""
          t7:
            services:
              one: {image: "{{image}}", stop_signal: SIGKILL, {{more}} }
        """;
}

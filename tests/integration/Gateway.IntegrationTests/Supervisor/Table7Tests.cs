using System.Text;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The rows "Container Supervisor" of the Flex4Grid thesis's table 7, data validation, under their names.</summary>
[Collection("sandbox")]
public sealed class Table7Tests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Invalid_update_message_data_format()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await PushAsync("t7format");
        var good = Operator.Desired(2, App(image, "environment: {NOTE: evil}"));
        await AssertDiscardedAsync(
            gateway,
            image,
            ("not valid JSON", (await gateway.Author.EnvelopeAsync(good))[..^20]),
            ("JSON, but not an envelope", """{"payload": ["a", "list"], "signature": 7}"""u8.ToArray()),
            ("an envelope around what is not a document", await gateway.Author.EnvelopeAsync("- just\n- a list\n")),
            ("a document that does not conform to the schema", await gateway.Author.EnvelopeAsync(good.Replace("services:", "servicez:", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Garbage_data_in_update_message()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await PushAsync("t7garbage");
        var random = new byte[4000];
        new Random(7).NextBytes(random);
        // One wrong type beside a good application: the whole message goes.
        Task<byte[]> WithAsync(string services) =>
            gateway.Author.EnvelopeAsync(Operator.Desired(2, App(image, "environment: {NOTE: evil}") + $"\n  other:\n    services: {services}"));
        await AssertDiscardedAsync(
            gateway,
            image,
            ("random bytes", random),
            ("a list for an image", await WithAsync("{one: {image: [7]} }")),
            ("a text for a mapping", await WithAsync("just a text")),
            ("a list for a number", await WithAsync($"{{one: {{image: \"{image}\", pids_limit: [1, 2]}} }}")),
            ("a number for a mapping", await WithAsync($"{{one: {{image: \"{image}\", healthcheck: 5}} }}")));
    }

    [Fact]
    public async Task Invalid_signature_in_update_message_is_discarded()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await PushAsync("t7signature");
        var signed = Operator.Desired(2, App(image, "environment: {NOTE: good}"));
        var signature = Encoding.ASCII.GetString(await gateway.Author.SignAsync(signed));
        await using var stranger = await Operator.CreateAsync();
        await AssertDiscardedAsync(
            gateway,
            image,
            ("of other bytes", Operator.Envelope(signed.Replace("good", "evil", StringComparison.Ordinal), signature)),
            ("none", Operator.Envelope(signed, "")),
            ("of a key that is not trusted", await stranger.EnvelopeAsync(signed)));
    }

    [Fact]
    public async Task Invalid_signature_in_update_message_is_accepted_when_the_local_configuration_waives_it()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, "require_signature: false");
        var image = await PushAsync("t7waived");
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.Last("presence") == "online");
        await gateway.Supervisor.PublishAsync(gateway.Topic, Operator.Envelope(Operator.Desired(1, App(image, "environment: {NOTE: unsigned}")), ""), retained: true);
        await gateway.Supervisor.StatusAsync(status => (string?)status["applications"]?["t7"]?["state"] == "running");
        Assert.Contains("NOTE=unsigned", (await gateway.ContainerAsync("t7-one")).Config.Env);
    }

    [Fact]
    public async Task Semantically_unsane_data_in_update_message()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await PushAsync("t7unsane");
        (string Application, string Data, string Error)[] unfeasible =
        [
            ("program", "command: [/no/such/program]", "/no/such/program"),
            ("user", "user: nobody-of-that-name", "nobody-of-that-name"),
            ("memory", "mem_limit: 1m", "memory"),
            ("kernel", "sysctls: {net.no_such_thing: 1}", "no_such_thing"),
            ("folder", "working_dir: /bin/sh", "bin/sh"),
        ];
        string With(string data) => string.Join('\n', unfeasible.Select(one => App(image, data.Length > 0 ? data : one.Data, one.Application)));
        await gateway.ApplyAsync(App(image, "environment: {NOTE: good}"));
        var good = await gateway.IdAsync("t7-one");

        await gateway.DesireAsync(With("") + "\n" + App(image, "environment: {NOTE: good}"));
        var status = await gateway.Supervisor.StatusAsync(status => unfeasible.All(one => (string?)status["applications"]?[one.Application]?["state"] == "failed"));

        foreach (var (application, _, error) in unfeasible)
        {
            Assert.Contains(error, SupervisedGateway.ReasonOf(status, application), StringComparison.OrdinalIgnoreCase);
            Assert.Contains(status["errors"]!.AsArray(), entry => (string?)entry!["subject"] == application && ((string?)entry["message"])!.Contains(error, StringComparison.OrdinalIgnoreCase));
            Assert.False(gateway.Runs($"{application}-one"));
        }

        Assert.True(gateway.Runs("t7-one", good));

        // It is resolved when something sane is published.
        await gateway.ApplyAsync(With("environment: {NOTE: sane}"));
        await gateway.Supervisor.StatusAsync(now => now["errors"]!.AsArray().Count == 0);
        Assert.All(unfeasible, one => Assert.True(gateway.Runs($"{one.Application}-one")));
    }

    /// <summary>Messages that come while a release is in force leave all as it is, and each is told of.</summary>
    private static async Task AssertDiscardedAsync(SupervisedGateway gateway, string image, params (string What, byte[] Bytes)[] messages)
    {
        await gateway.ApplyAsync(App(image, "environment: {NOTE: first}"));
        var before = await gateway.ContainerAsync("t7-one");
        string? told = null;
        foreach (var (what, bytes) in messages)
        {
            await gateway.Supervisor.PublishAsync(gateway.Topic, bytes, retained: true);
            var status = await gateway.Supervisor.StatusAsync(status => (string?)status["desired"]?["gateway"]?["refused"]?["reason"] is { } reason && reason != told);
            told = (string?)status["desired"]!["gateway"]!["refused"]!["reason"];
            Assert.True((int)status["desired"]!["gateway"]!["serial"]! == 1 && (string?)status["desired"]!["gateway"]!["state"] == "applied", $"{what}: {status}");
        }

        await Task.Delay(500);
        var after = await gateway.ContainerAsync("t7-one");
        Assert.Equal((before.Id, before.State.StartedAt), (after.Id, after.State.StartedAt));
        Assert.Equal(["t7-one"], (await gateway.ContainersAsync("t7")).Keys);
        Assert.False(gateway.IsThere("other-one"));
    }

    /// <summary>Healthy at once, so that an update is soon over.</summary>
    private Task<string> PushAsync(string name) => sandbox.PushTestImageAsync(name, new TestImage { Healthcheck = TestImage.Check("true") });

    private static string App(string image, string more, string application = "t7") => $$"""
          {{application}}:
            services:
              one: {image: "{{image}}", stop_signal: SIGKILL, {{more}} }
        """;
}

using System.Text;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Bad input is refused whole: what runs is not touched, and the status says why.</summary>
[Collection("sandbox")]
public sealed class RefusedWholeTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Theory]
    [InlineData("garbage", "is not UTF-8")]
    [InlineData("truncated", "envelope")]
    [InlineData("tampered", "signature")]
    [InlineData("unsigned", "is not signed")]
    [InlineData("signed by a stranger", "is signed by")]
    [InlineData("replayed", "is replayed: serial 1 is lower than 2")]
    [InlineData("conflicting", "is conflicting: serial 2")]
    [InlineData("for another gateway", "is for gateway:other and this is gateway:")]
    [InlineData("expired", "expired at 2020-01-01")]
    [InlineData("not YAML", ":4:15: is not valid YAML")]
    [InlineData("unknown key", ":5:13: service 'one' has no key 'imagee'; did you mean 'image'?")]
    [InlineData("wrong type", ":5:25: 'privileged' must be true or false")]
    [InlineData("a key twice", ":5:23: key 'image'")]
    [InlineData("without release", "needs 'release'")]
    public async Task A_document_that_is(string what, string reason)
    {
        await using var author = await Operator.CreateAsync();
        await using var stranger = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("whole", "sleep", "infinity");
        await using var supervisor = new RunningSupervisor(sandbox, $"gw-{Guid.NewGuid():N}"[..12]);
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        var topic = $"gateway/{supervisor.Id}/desired";
        var good = Operator.Desired(2, App(image, "good"));
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
        await supervisor.PublishAsync(topic, await author.EnvelopeAsync(good), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["whole"]?["state"] == "running");
        var before = await RunningAsync();

        var bad = what switch
        {
            "garbage" => [0, 255, 1, 254, 123],
            "truncated" => (await author.EnvelopeAsync(good))[..100],
            "tampered" => Operator.Envelope(good.Replace("good", "evil"), Encoding.ASCII.GetString(await author.SignAsync(good))),
            "unsigned" => Operator.Envelope(Operator.Desired(3, App(image, "evil")), ""),
            "signed by a stranger" => await stranger.EnvelopeAsync(Operator.Desired(3, App(image, "evil"))),
            "replayed" => await author.EnvelopeAsync(Operator.Desired(1, App(image, "evil"))),
            "conflicting" => await author.EnvelopeAsync(Operator.Desired(2, App(image, "evil"))),
            "for another gateway" => await author.EnvelopeAsync(Operator.Desired(3, App(image, "evil")).Replace("[all]", "[gateway:other]")),
            "expired" => await author.EnvelopeAsync($"release: {{serial: 3, expires: 2020-01-01T00:00:00Z, targets: [all]}}\napplications:\n{App(image, "evil")}"),
            "not YAML" => await author.EnvelopeAsync(Operator.Desired(3, App(image, "evil").Replace("services:", "services: ]"))),
            "unknown key" => await author.EnvelopeAsync(Operator.Desired(3, App(image, "evil").Replace("{image:", "{imagee: x, image:"))),
            "wrong type" => await author.EnvelopeAsync(Operator.Desired(3, App(image, "evil").Replace("{image:", "{privileged: 7, image:"))),
            "a key twice" => await author.EnvelopeAsync(Operator.Desired(3, App(image, "evil").Replace("{image:", "{image: x, image:"))),
            _ => await author.EnvelopeAsync($"applications:\n{App(image, "evil")}"),
        };
        await supervisor.PublishAsync(topic, bad, retained: true);
        var status = await supervisor.StatusAsync(status => status["desired"]?["gateway"]?["refused"] is not null);

        Assert.Contains(reason, (string?)status["desired"]!["gateway"]!["refused"]!["reason"], StringComparison.Ordinal);
        Assert.Equal(2, (int)status["desired"]!["gateway"]!["serial"]!);
        Assert.Equal("running", (string?)status["applications"]!["whole"]!["state"]);
        await Task.Delay(500);
        Assert.Equal(before, await RunningAsync());

        // The mark did not move either: a good successor with the next serial is taken.
        await supervisor.PublishAsync(topic, await author.EnvelopeAsync(Operator.Desired(3, App(image, "good"))), retained: true);
        status = await supervisor.StatusAsync(status => (int?)status["desired"]?["gateway"]?["serial"] == 3);
        Assert.Null(status["desired"]!["gateway"]!["refused"]);
        Assert.Equal(before, await RunningAsync());
    }

    private static string App(string image, string note) => $$"""
          whole:
            services:
              one: {image: "{{image}}", environment: {NOTE: "{{note}}"} }
        """;

    private async Task<IReadOnlyList<(string Id, string Name, string State)>> RunningAsync() =>
        [.. (await sandbox.Docker.Containers.ListAsync(["io.gateway.application"])).Value.Select(container => (container.Id, container.Names[0], container.State)).Order()];
}

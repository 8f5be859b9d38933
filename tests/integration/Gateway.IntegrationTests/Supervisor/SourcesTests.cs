using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The gateway's own topic, those of its groups and the local file: what counts when they disagree, or when one of them is bad.</summary>
[Collection("sandbox")]
public sealed class SourcesTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task The_gateways_own_wins_over_groups_an_earlier_group_over_a_later_and_a_bad_one_leaves_the_rest()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, started: false);
        var (first, second) = ($"g{Guid.NewGuid():N}"[..10], $"g{Guid.NewGuid():N}"[..10]);
        await gateway.Supervisor.ConfigureAsync(gateway.Author, groups: $"{first}, {second}");
        gateway.Supervisor.Start();
        var image = await sandbox.PushTestImageAsync("sources", new TestImage { Healthcheck = TestImage.Check("true") });
        async Task GroupAsync(string group, int serial, string applications) =>
            await gateway.Supervisor.PublishAsync($"group/{group}/desired", await gateway.Author.EnvelopeAsync(Operator.Desired(serial, applications)), retained: false);
        async Task NotesAsync(params (string Container, string Note)[] notes) => await gateway.Supervisor.EventuallyAsync(() =>
            notes.All(one => gateway.Look(one.Container) is { State.Running: true } found && found.Config.Env.Contains($"NOTE={one.Note}")));
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.Last("presence") == "online");

        await GroupAsync(second, 1, App("alpha", image, "second") + App("beta", image, "second") + App("gamma", image, "second"));
        await GroupAsync(first, 1, App("alpha", image, "first") + App("beta", image, "first"));
        await gateway.DesireAsync(App("alpha", image, "own"));
        await NotesAsync(("alpha-one", "own"), ("beta-one", "first"), ("gamma-one", "second"));
        var status = await gateway.AppliedAsync();
        Assert.Equal((1, 1), ((int)status["desired"]![$"group:{first}"]!["serial"]!, (int)status["desired"]![$"group:{second}"]!["serial"]!));

        // A group's document that is bad leaves its last good one in force, and the others alone.
        await GroupAsync(first, 2, "  beta: {services: {one: {imagee: x} } }\n");
        status = await gateway.Supervisor.StatusAsync(now => now["desired"]?[$"group:{first}"]?["refused"] is not null);
        Assert.Equal(1, (int)status["desired"]![$"group:{first}"]!["serial"]!);
        await NotesAsync(("alpha-one", "own"), ("beta-one", "first"), ("gamma-one", "second"));

        // What the gateway's own no longer names falls back to the first group that does; all of it is kept over a restart without a broker.
        await gateway.ApplyAsync("  {}");
        await NotesAsync(("alpha-one", "first"), ("beta-one", "first"), ("gamma-one", "second"));
        await gateway.Supervisor.StopAsync();
        Assert.True((await sandbox.Docker.Containers.RemoveAsync("gamma-one", force: true)).IsSuccess);
        await gateway.Supervisor.ConfigureAsync(gateway.Author, groups: $"{first}, {second}", mqtt: "{host: 127.0.0.1, port: 9}");
        gateway.Supervisor.Start();
        await NotesAsync(("alpha-one", "first"), ("beta-one", "first"), ("gamma-one", "second"));
    }

    private static string App(string name, string image, string note) => $"  {name}: {{services: {{one: {{image: \"{image}\", stop_signal: SIGKILL, environment: {{NOTE: {note}}} }} }} }}\n";
}

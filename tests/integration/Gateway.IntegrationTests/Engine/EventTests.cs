using Gateway.Core.Engine;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Engine;

public sealed class EventTests(SandboxFixture fixture) : EngineTests(fixture)
{
    [Fact]
    public async Task Events_of_labelled_containers_arrive_past_and_present_and_others_do_not()
    {
        var image = await PulledAsync("events", new TestImage());
        var name = NewName("events");
        var since = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        await RunAsync(image);
        var id = await RunAsync(image, spec => spec with { Labels = new Dictionary<string, string>(spec.Labels!) { ["colour"] = name } }, name);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var seen = new List<EngineEvent>();

        var filter = new EventFilter { Types = ["container"], Labels = [$"colour={name}"], Actions = ["start", "die", "destroy"], Since = since };
        await foreach (var next in Docker.WatchAsync(filter, cancel.Token))
        {
            seen.Add(Good(next));
            if (seen.Count == 1)
            {
                Good(await Docker.Containers.RemoveAsync(id, force: true));
            }

            if (seen[^1].Action == "destroy")
            {
                break;
            }
        }

        Assert.Equal(["start", "die", "destroy"], seen.Select(each => each.Action));
        Assert.All(seen, each => Assert.Equal((id, name), (each.Actor.ID, each.Actor.Attributes["name"])));
        Assert.Equal("137", seen[1].Actor.Attributes["exitCode"]);
        Assert.True(seen[0].TimeNano <= seen[1].TimeNano);
    }

    [Fact]
    public async Task Watching_nothing_happen_goes_on_until_cancelled()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var next in Docker.WatchAsync(new EventFilter { Labels = ["nobody=has-this"] }, cancel.Token))
            {
                Assert.Fail($"unexpected: {next.IsSuccess}");
            }
        });
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Mqtt;

namespace Gateway.UnitTests.ContainerSupervisor.Receive;

public sealed class InboxTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-inbox-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Of_many_desired_states_that_wait_only_the_newest_is_looked_at()
    {
        var (membership, sources) = Documents.Gateway(folder.FullName, "beta");
        var changes = 0;
        sources.OnChange = () => changes++;
        using var inbox = Documents.Inbox(membership, sources, TimeSpan.FromHours(1));
        await inbox.HandleAsync([.. Enumerable.Range(1, 200).Select(serial => Message("gateway/gw-1/desired", serial)), Message("group/beta/desired", 1), Message("group/other/desired", 1)], CancellationToken.None);
        Assert.Equal((2, 200L, 1L), (changes, sources.All["gateway"].Desired!.Release!.Serial, sources.All["group:beta"].Desired!.Release!.Serial));
        Assert.Equal(2, sources.All.Count);
    }

    private static MqttMessage Message(string topic, int serial) =>
        new(topic, Encoding.UTF8.GetBytes(new JsonObject { ["payload"] = Documents.Text(serial, "app"), ["signature"] = "" }.ToJsonString()), Retained: true);
}

using Gateway.ContainerSupervisor.Receive;
using Serilog.Core;

namespace Gateway.UnitTests.ContainerSupervisor.Receive;

public sealed class LocalFileTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-local-");
    private readonly CancellationTokenSource ending = new();
    private readonly Inbox inbox;
    private readonly DesiredSources sources;
    private readonly string path;
    private Task running = Task.CompletedTask;

    public LocalFileTests()
    {
        (var membership, sources) = Documents.Gateway(folder.CreateSubdirectory("state").FullName);
        inbox = Documents.Inbox(membership, sources, TimeSpan.FromMilliseconds(100));
        path = Path.Combine(folder.FullName, "medium", "desired.yaml");
    }

    public Task InitializeAsync()
    {
        running = new LocalFile(path, inbox, sources, Logger.None) { Beat = TimeSpan.FromMilliseconds(200) }.RunAsync(() => { }, ending.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        inbox.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_folder_that_comes_later_goes_and_comes_again_is_watched_and_what_was_in_force_stays()
    {
        Put(1);
        await EventuallyAsync(() => Serial == 1);
        Put(2);
        await EventuallyAsync(() => Serial == 2);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        await Task.Delay(500);
        Assert.Equal(2, Serial);
        Put(3);
        await EventuallyAsync(() => Serial == 3);
        Assert.Null(sources.All["gateway"].Refused);
    }

    [Fact]
    public async Task A_medium_that_cannot_be_read_is_said_until_it_can()
    {
        Put(1);
        await EventuallyAsync(() => Serial == 1);
        File.Delete(path);
        Directory.CreateDirectory(path);
        await EventuallyAsync(() => sources.All["gateway"].Refused is not null);
        Assert.Equal(1, Serial);
        Directory.Delete(path);
        Put(1);
        await EventuallyAsync(() => sources.All["gateway"].Refused is null);
    }

    [Fact]
    public async Task The_broker_s_document_with_the_higher_serial_wins_over_the_file_s()
    {
        Assert.True((await inbox.TakeAsync("gateway", Documents.Envelope(7, "from-broker"), CancellationToken.None)).IsSuccess);
        Put(5);
        await EventuallyAsync(() => sources.All["gateway"].Refused?.Serial == 5);
        Assert.Equal(7, Serial);
        Put(8);
        await EventuallyAsync(() => Serial == 8);
        Assert.Null(sources.All["gateway"].Refused);
    }

    [Fact]
    public async Task What_was_refused_for_a_passing_reason_is_taken_once_it_has_passed()
    {
        var state = Path.Combine(folder.FullName, "state");
        var looking = inbox.LookAgainAsync(static () => { }, ending.Token);
        Directory.Move(state, state + ".away");
        await File.WriteAllTextAsync(state, "in the way");
        Put(1);
        await EventuallyAsync(() => sources.All.GetValueOrDefault("gateway")?.Refused is not null);
        File.Delete(state);
        Directory.Move(state + ".away", state);
        await EventuallyAsync(() => Serial == 1);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
    }

    private long? Serial => sources.All.GetValueOrDefault("gateway")?.Desired?.Release?.Serial;

    /// <summary>As media and tools do it: a file beside it, renamed.</summary>
    private void Put(int serial)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", Documents.Text(serial, $"app{serial}"));
        File.Move(path + ".new", path, overwrite: true);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var i = 0; i < 400 && !condition(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(condition());
    }
}

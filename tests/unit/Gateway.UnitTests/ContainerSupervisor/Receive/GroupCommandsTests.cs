using Gateway.ContainerSupervisor.Receive;

namespace Gateway.UnitTests.ContainerSupervisor.Receive;

public sealed class GroupCommandsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-groups-");
    private readonly List<string> topics = [];

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_group_that_is_joined_is_a_source_at_once_and_gone_when_it_is_left()
    {
        var (membership, sources, commands) = Open("alpha");
        Assert.True((await sources.ReceiveAsync("gateway", Documents.Envelope(1, "base"), CancellationToken.None)).IsSuccess);
        Assert.True((await commands.JoinAsync("beta", CancellationToken.None)).IsSuccess);
        Assert.Equal(["+beta"], topics);
        Assert.True((await sources.ReceiveAsync("group:beta", Documents.Envelope(1, "extra"), CancellationToken.None)).IsSuccess);
        Assert.Equal(["base", "extra"], sources.Merged!.Applications.Select(application => application.Name));
        // Targets follow.
        Assert.True((await sources.ReceiveAsync("group:beta", Documents.Envelope(2, "extra", "group:beta"), CancellationToken.None)).IsSuccess);

        Assert.True(commands.Leave("beta").IsSuccess);
        Assert.Equal(["+beta", "-beta"], topics);
        Assert.Equal(["base"], sources.Merged!.Applications.Select(application => application.Name));
        Assert.DoesNotContain("group:beta", sources.All.Keys);
        Assert.Equal<string>(["alpha"], membership.Identity.Groups);

        // Joined again, what was in force of it is in force again, with no network; its mark still counts.
        Assert.True((await commands.JoinAsync("beta", CancellationToken.None)).IsSuccess);
        Assert.Equal(["base", "extra"], sources.Merged!.Applications.Select(application => application.Name));
        Assert.Contains("replayed", (await sources.ReceiveAsync("group:beta", Documents.Envelope(1, "extra"), CancellationToken.None)).Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_last_source_asked_for_goes_when_it_is_left()
    {
        var (_, sources, commands) = Open("alpha");
        Assert.Null(sources.Merged);
        Assert.True((await sources.ReceiveAsync("group:alpha", Documents.Envelope(1, "only"), CancellationToken.None)).IsSuccess);
        Assert.True(commands.Leave("alpha").IsSuccess);
        Assert.Empty(sources.Merged!.Applications);
    }

    [Fact]
    public async Task Groups_survive_a_restart_only_when_saved()
    {
        var (_, _, commands) = Open("alpha");
        Assert.True((await commands.JoinAsync("beta", CancellationToken.None)).IsSuccess);
        Assert.Equal<string>(["alpha"], Open("alpha").Membership.Identity.Groups);
        Assert.True(commands.Save().IsSuccess);
        var again = Open("alpha").Membership;
        Assert.Equal<string>(["alpha", "beta"], again.Identity.Groups);
        Assert.Contains("groups as saved: alpha, beta", again.Notice!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_numbers_of_groups_are_bounded()
    {
        var (_, _, commands) = Open();
        Assert.False((await commands.JoinAsync("a/#", CancellationToken.None)).IsSuccess);
        for (var i = 0; i < Membership.Most; i++)
        {
            Assert.True((await commands.JoinAsync($"g{i}", CancellationToken.None)).IsSuccess);
        }

        Assert.False((await commands.JoinAsync("more", CancellationToken.None)).IsSuccess);
        Assert.Equal("in group g0 already", (await commands.JoinAsync("g0", CancellationToken.None)).Value);
        Assert.Equal("not in group more", commands.Leave("more").Value);
    }

    [Fact]
    public void A_broken_file_is_said_and_the_configuration_counts()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "groups.json"), "{\"schema\":1,\"groups\":[\"a/b\"]}");
        var membership = Open("alpha").Membership;
        Assert.Equal<string>(["alpha"], membership.Identity.Groups);
        Assert.NotNull(membership.Problem);
    }

    private (Membership Membership, DesiredSources Sources, GroupCommands Commands) Open(params string[] groups)
    {
        var (membership, sources) = Documents.Gateway(folder.FullName, groups);
        return (membership, sources, new GroupCommands(membership, sources) { Subscribe = group => topics.Add($"+{group}"), Unsubscribe = group => topics.Add($"-{group}") });
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Gateway.IntegrationTests.Fixtures;
using Xunit.Abstractions;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>
/// Updates in a row, good and bad ones, and in each the supervisor is killed (-9) at a random moment, some twice: the end is always
/// committed or rolled back. <c>make torture UPDATES=200 SEED=7</c> runs it longer.
/// </summary>
[Collection("second sandbox")]
public sealed class TortureTests(SandboxFixture fixture, ITestOutputHelper output)
{
    /// <summary>About as long as an update takes: a crash may come before it is received and after it is over.</summary>
    private const int LongestDelay = 3000;

    /// <summary>As shipped.</summary>
    private static readonly string Program = Repository.At("out", "bin", "container-supervisor");

    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Updates_in_a_row_with_a_crash_in_each_end_committed_or_rolled_back()
    {
        var updates = Setting("UPDATES", 20);
        var seed = Setting("SEED", 1);
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        Assert.True(File.Exists(Program), $"{Program} is not there: make build");
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, started: false);
        gateway.Supervisor.Start(Program);
        var good = await PushAsync("good", TestImage.Check("true", interval: 0.3), "sleep", "infinity");
        var bad = (await PushAsync("bad", TestImage.Check("false", interval: 0.3, retries: 2), "sleep", "infinity"))
            .Concat(await PushAsync("bad-end", null, "sh", "-c", "exit 3")).Concat(await PushAsync("bad-start", null, "/no/such/program")).ToList();
        var committed = StormRelease.After(
            new StormRelease(ImmutableSortedDictionary<string, (string, int)>.Empty.Add("base", (good[0], 0)).Add("middle", (good[0], 0)).Add("top", (good[0], 0)), true), 0, new Random(0), good, good);
        await gateway.ApplyAsync(committed.Text());
        var ids = await gateway.ContainersAsync(StormRelease.Application);
        var (commits, rollBacks, crashes) = (0, 0, 0);
        for (var number = 1; number <= updates; number++)
        {
            var release = StormRelease.After(committed, number, random, good, bad);
            var note = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, update {number} ({(release.IsGood ? "good" : "bad")}): {release.Text()}");
            await gateway.DesireAsync(release.Text());
            for (var crash = 0; crash <= random.Next(4) / 3; crash++, crashes++)
            {
                await Task.Delay(random.Next(LongestDelay));
                await CrashAsync(gateway);
            }

            await SettledAsync(gateway, release, note);
            var after = await gateway.ContainersAsync(StormRelease.Application);
            if (release.IsGood)
            {
                AssertKept(committed, release, ids, after, note);
                (committed, ids, commits) = (release, after, commits + 1);
            }
            else
            {
                // Not alike ones: the very same.
                Assert.True(ids.OrderBy(pair => pair.Key).SequenceEqual(after.OrderBy(pair => pair.Key)), $"{note}\nbefore: {Said(ids)}\nafter: {Said(after)}");
                rollBacks++;
            }

            await AssertWholeAsync(gateway, committed, note);
        }

        Assert.Equal(updates, commits + rollBacks);
        output.WriteLine($"seed {seed}: {updates} updates, {commits} committed, {rollBacks} rolled back, {crashes} crashes, {clock.Elapsed.TotalSeconds:0} s");
    }

    private static async Task CrashAsync(SupervisedGateway gateway)
    {
        await gateway.Supervisor.StopAsync(kill: true);
        gateway.Supervisor.Start(Program);
    }

    /// <summary>Waits for the word of the supervisor that runs now, not of one that was killed.</summary>
    private static Task SettledAsync(SupervisedGateway gateway, StormRelease release, string note) => gateway.Supervisor.StatusAsync(
        status => (DateTimeOffset?)status["supervisor"]?["started"] >= gateway.Supervisor.Started
            && (int?)status["desired"]?["gateway"]?["serial"] == gateway.Serial
            && (release.IsGood
                ? (string?)status["desired"]!["gateway"]!["state"] == "applied"
                : (string?)status["applications"]?[StormRelease.Application]?["state"] == "rolled-back" && IsAtRest(gateway)),
        () => note);

    /// <summary>The state tells of the decision; the way back may still be under way.</summary>
    private static bool IsAtRest(SupervisedGateway gateway) =>
        gateway.ContainersAsync(StormRelease.Application).Result.Keys.All(name => !name.EndsWith(".previous", StringComparison.Ordinal) && gateway.Runs(name));

    /// <summary>What did not change was not touched.</summary>
    private static void AssertKept(StormRelease before, StormRelease now, IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> young, string note)
    {
        foreach (var (service, version) in now.Services)
        {
            var name = $"{StormRelease.Application}-{service}";
            var changed = !before.Services.TryGetValue(service, out var known) || known != version;
            Assert.True(changed != (old.GetValueOrDefault(name) == young.GetValueOrDefault(name)), $"{note}\n{name} {(changed ? "should be new" : "should be the same")}: {Said(old)} {Said(young)}");
        }
    }

    /// <summary>Exactly what is committed runs: no duplicate, no orphan, nothing set aside.</summary>
    private async Task AssertWholeAsync(SupervisedGateway gateway, StormRelease committed, string note)
    {
        var all = (await sandbox.Docker.Containers.ListAsync()).Value;
        var expected = committed.Services.Keys.Select(service => $"{StormRelease.Application}-{service}").Order(StringComparer.Ordinal);
        Assert.True(expected.SequenceEqual(all.Select(container => container.Name).Order(StringComparer.Ordinal)), $"{note}\nfound {string.Join(", ", all.Select(container => container.Name))}");
        foreach (var (service, version) in committed.Services)
        {
            var container = await gateway.ContainerAsync($"{StormRelease.Application}-{service}");
            Assert.True(container.State.Running && container.Config.Image == version.Image, $"{note}\n{service}: {container.State.Status} {container.Config.Image}");
            Assert.Contains($"NUMBER={version.Number}", container.Config.Env);
        }

        Assert.Equal(["storm_default"], (await sandbox.Docker.Networks.ListAsync(["io.gateway.application"])).Value.Select(network => network.Name));
    }

    /// <summary>Two images that differ in a label alone.</summary>
    private async Task<List<string>> PushAsync(string name, System.Text.Json.Nodes.JsonObject? check, params string[] command)
    {
        var image = new TestImage { Command = [.. command], Healthcheck = check };
        return [await sandbox.PushTestImageAsync($"storm-{name}", image), await sandbox.PushTestImageAsync($"storm-{name}", image with { Labels = TestImage.Labelled(("n", "2")) })];
    }

    private static string Said(IReadOnlyDictionary<string, string> containers) => string.Join(", ", containers.Select(pair => $"{pair.Key}={pair.Value[..8]}"));

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : otherwise;
}

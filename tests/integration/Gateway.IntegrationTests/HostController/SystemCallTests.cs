using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Core.Processes;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>
/// The real program, killed from outside (<c>strace --inject</c>) at a system call of a cycle and then run again: no state is
/// torn, and the release ends up applied. strace counts calls for each thread apart, and .NET's threads take turns; so flushes
/// are told apart by their folder.
/// </summary>
public sealed partial class SystemCallTests
{
    private int serial = 1;

    /// <summary>Each file has taken its place, and its folder is not flushed yet.</summary>
    [Fact]
    public async Task Killed_at_each_flush_of_a_folder_the_next_run_ends_the_work()
    {
        await using var gateway = await AppliedAsync();
        await PublishNextAsync(gateway);
        var trace = gateway.At("trace");
        await TracedAsync(gateway, "fsync", "-o", trace);
        var folders = (await File.ReadAllLinesAsync(trace)).Select(line => Folder().Match(line)).Where(match => match.Success).CountBy(match => match.Groups[1].Value).ToList();
        Assert.True(folders.Sum(folder => folder.Value) >= 7, $"only {folders.Count} folders were seen: is the cycle still traced?");

        foreach (var (folder, count) in folders)
        {
            Assert.True(await CutAsync(gateway, "fsync", 1, "-P", folder), $"{folder}: not cut off");
            for (var number = 2; number <= count; number++)
            {
                await CutAsync(gateway, "fsync", number, "-P", folder);
            }
        }
    }

    /// <summary>Before each that one thread or another makes: the files are not in their places yet.</summary>
    [Theory]
    [InlineData("pwrite64")]
    [InlineData("rename")]
    public async Task Killed_at_each_of_a_thread_the_next_run_ends_the_work(string call)
    {
        await using var gateway = await AppliedAsync();
        var count = 0;
        while (await CutAsync(gateway, call, count + 1))
        {
            count++;
        }

        Assert.True(count >= 3, $"only {count} of {call} were seen: is the cycle still traced?");
    }

    private static async Task<GatewayUnderTest> AppliedAsync()
    {
        var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "1"));
        await gateway.CycleAsync(0);
        return gateway;
    }

    private Task PublishNextAsync(GatewayUnderTest gateway) => gateway.PublishAsync(Play.Playbook(++serial, $"{serial}"));

    /// <summary>The next release's cycle is cut at a call; false when it came to its end without as many such calls.</summary>
    private async Task<bool> CutAsync(GatewayUnderTest gateway, string call, int number, params string[] where)
    {
        await PublishNextAsync(gateway);
        var cut = await TracedAsync(gateway, call, ["-o", "/dev/null", "-e", $"inject={call}:signal=KILL:when={number}", .. where]);

        var story = $"{call} {string.Join(' ', where)} {number}";
        Assert.True(gateway.Target == $"{serial - 1}" || gateway.Target == $"{serial}", $"{story}: the target is torn: {gateway.Target}");
        AssertWhole(gateway, story);
        var log = await gateway.CycleAsync(0);
        Assert.True(gateway.Target == $"{serial}", $"after a cut at {story} the target holds {gateway.Target}");
        Assert.DoesNotContain("LOST", log, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", log, StringComparison.Ordinal);
        return cut.ExitCode != 0;
    }

    private static Task<ProcessOutcome> TracedAsync(GatewayUnderTest gateway, string call, params string[] more)
    {
        var request = gateway.Request("run");
        ImmutableArray<string> arguments = ["-f", "-qqq", "-y", "-s", "4096", "-e", $"trace={call}", .. more, request.Program, .. request.Arguments];
        return ProcessRunner.RunAsync(request with { Program = "strace", Arguments = arguments }, CancellationToken.None);
    }

    /// <summary>A folder that is flushed; a draft's name is another one each time.</summary>
    [GeneratedRegex(@" fsync\(\d+<([^>]*(?<!\.tmp))>\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Folder();

    private static void AssertWhole(GatewayUnderTest gateway, string cut)
    {
        foreach (var file in Directory.GetFiles(gateway.At("var/lib/gateway"), "*.json", SearchOption.AllDirectories))
        {
            var failure = Record.Exception(() => JsonDocument.Parse(File.ReadAllBytes(file)).Dispose());
            Assert.True(failure is null, $"{cut}: {file} is torn: {failure?.Message}");
        }
    }
}

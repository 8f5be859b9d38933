using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Processes;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>
/// The real program, killed from outside (<c>strace --inject</c>) at each write, flush and rename of a cycle in turn and
/// then run again: no state is torn, and the release ends up applied. strace counts for each thread apart, so the pool is held to one.
/// </summary>
public sealed class SystemCallTests
{
    [Theory]
    [InlineData("pwrite64", 5)]
    [InlineData("fsync", 5)]
    [InlineData("rename", 3)]
    public async Task Killed_at_each_in_turn_the_next_run_ends_the_work(string call, int least)
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "1"));
        var trace = gateway.At("trace");
        await TracedAsync(gateway, call, trace);
        var threads = (await File.ReadAllLinesAsync(trace)).Select(line => line.Split(' ')[0]).CountBy(thread => thread).ToList();
        Assert.True(threads.Count == 1, $"several threads call {call}: {string.Join(", ", threads)}");
        var count = 0;
        while (await CutAsync(gateway, call, count + 1))
        {
            count++;
        }

        Assert.True(count >= least, $"only {count} of {call} were seen: is the cycle still traced?");
    }

    /// <summary>The next release's cycle is cut at a call; false when it came to its end without as many such calls.</summary>
    private static async Task<bool> CutAsync(GatewayUnderTest gateway, string call, int number)
    {
        await gateway.PublishAsync(Play.Playbook(number + 1, $"{number + 1}"));
        var cut = await TracedAsync(gateway, call, "/dev/null", "-e", $"inject={call}:signal=KILL:when={number}");

        Assert.True(gateway.Target == $"{number}" || gateway.Target == $"{number + 1}", $"{call} {number}: the target is torn: {gateway.Target}");
        AssertWhole(gateway, $"{call} {number}");
        var log = await gateway.CycleAsync(0);
        Assert.True(gateway.Target == $"{number + 1}", $"after a cut at {call} {number} the target holds {gateway.Target}");
        Assert.DoesNotContain("LOST", log, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", log, StringComparison.Ordinal);
        return cut.ExitCode != 0;
    }

    /// <summary>A cycle under strace, which writes what it sees to a file: thread, call.</summary>
    private static Task<ProcessOutcome> TracedAsync(GatewayUnderTest gateway, string call, string output, params string[] inject)
    {
        var request = gateway.Request("run");
        var oneThread = new Dictionary<string, string?>(request.Environment, StringComparer.Ordinal) { ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "1" };
        ImmutableArray<string> arguments = ["-f", "-qqq", "-o", output, "-e", $"trace={call}", .. inject, request.Program, .. request.Arguments];
        return ProcessRunner.RunAsync(request with { Program = "strace", Arguments = arguments, Environment = oneThread }, CancellationToken.None);
    }

    private static void AssertWhole(GatewayUnderTest gateway, string cut)
    {
        foreach (var file in Directory.GetFiles(gateway.At("var/lib/gateway"), "*.json", SearchOption.AllDirectories))
        {
            var failure = Record.Exception(() => JsonDocument.Parse(File.ReadAllBytes(file)).Dispose());
            Assert.True(failure is null, $"{cut}: {file} is torn: {failure?.Message}");
        }
    }
}

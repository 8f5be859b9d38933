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
        await gateway.CycleAsync(0);
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
        var request = gateway.Request("run");
        var oneThread = new Dictionary<string, string?>(request.Environment, StringComparer.Ordinal) { ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "1" };
        ImmutableArray<string> trace = ["-f", "-qqq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={number}", request.Program];
        var cut = await ProcessRunner.RunAsync(request with { Program = "strace", Arguments = [.. trace, .. request.Arguments], Environment = oneThread }, CancellationToken.None);

        Assert.True(gateway.Target == $"{number}" || gateway.Target == $"{number + 1}", $"{call} {number}: the target is torn: {gateway.Target}");
        AssertWhole(gateway, $"{call} {number}");
        var log = await gateway.CycleAsync(0);
        Assert.True(gateway.Target == $"{number + 1}", $"after a cut at {call} {number} the target holds {gateway.Target}");
        Assert.DoesNotContain("LOST", log, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", log, StringComparison.Ordinal);
        return cut.ExitCode != 0;
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

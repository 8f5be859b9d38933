using System.Diagnostics;
using System.Text.Json.Nodes;
using Gateway.Core.Engine;

namespace Gateway.Bench.Programs;

/// <summary>What the engine itself takes: its bare interface, called eight at a time for the same containers.</summary>
internal sealed class EngineFloor(DockerClient docker, string image)
{
    private const string Network = "floor";
    private const int AtOnce = 8;

    /// <summary>Seconds to make a network, and make and start so many containers.</summary>
    public double Start(int count) => Timed(async () =>
    {
        await docker.Networks.CreateAsync(new NetworkSpec { Name = Network });
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => await RunAsync($"floor-{i}"));
    });

    /// <summary>Seconds for one list of all containers.</summary>
    public double List() => Timed(async () => await docker.Containers.ListAsync());

    /// <summary>Seconds to stop a container and start it again, and to make another one.</summary>
    public (double StopAndStart, double Create) Change()
    {
        var create = Timed(async () => await CreateAsync("floor-new"));
        var change = Timed(async () =>
        {
            Check(await docker.Containers.StopAsync("floor-0"));
            Check(await docker.Containers.StartAsync("floor-new"));
        });
        return (change, create);
    }

    /// <summary>Seconds to stop and remove them all, and the network.</summary>
    public double Remove() => Timed(async () =>
    {
        var containers = (await docker.Containers.ListAsync()).Value.Where(container => container.Name.StartsWith("floor-", StringComparison.Ordinal));
        await Parallel.ForEachAsync(containers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (container, cancel) =>
        {
            await docker.Containers.StopAsync(container.Id, cancel: cancel);
            Check(await docker.Containers.RemoveAsync(container.Id, force: true, cancel: cancel));
        });
        // The engine lets go of a killed container's place on the network a moment later.
        var removed = await docker.Networks.RemoveAsync(Network);
        for (var i = 0; i < 100 && !removed.IsSuccess; i++)
        {
            await Task.Delay(50);
            removed = await docker.Networks.RemoveAsync(Network);
        }

        Check(removed);
    });

    private static double Timed(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        work().GetAwaiter().GetResult();
        return clock.Elapsed.TotalSeconds;
    }

    private static void Check(Gateway.Core.Reports.Result<Gateway.Core.Reports.Nothing> done)
    {
        if (!done.IsSuccess)
        {
            throw new InvalidOperationException(done.Failure.ToString());
        }
    }

    private async Task RunAsync(string name)
    {
        await CreateAsync(name);
        Check(await docker.Containers.StartAsync(name));
    }

    private async Task CreateAsync(string name)
    {
        var body = new JsonObject { ["Image"] = image, ["StopSignal"] = "SIGKILL", ["HostConfig"] = new JsonObject { ["NetworkMode"] = Network } };
        if (await docker.Containers.CreateAsync(name, body) is { IsSuccess: false } failed)
        {
            throw new InvalidOperationException(failed.Failure.ToString());
        }
    }
}

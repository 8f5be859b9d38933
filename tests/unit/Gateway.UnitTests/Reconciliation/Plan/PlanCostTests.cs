using System.Diagnostics;
using Gateway.Reconciliation.Plan;
using Xunit.Abstractions;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>A look that finds nothing to do happens on every event of the engine.</summary>
public class PlanCostTests(ITestOutputHelper output)
{
    [Fact]
    public void A_plan_over_two_hundred_services_that_finds_nothing_to_do_neither_builds_nor_hashes_bodies_again()
    {
        var desired = Given.State(string.Join('\n', Enumerable.Range(0, 50).Select(app => $$"""
            app{{app}}:
              services:
                a: {image: "r.example.com/a:1", environment: {A: "1", B: "2"}, ports: ["{{8000 + app}}:80"]}
                b: {image: "r.example.com/b:1", depends_on: [a], volumes: ["data:/data"]}
                c: {image: "r.example.com/c:1", depends_on: {b: {condition: service_healthy, restart: true} } }
                d: {image: "r.example.com/d:1", mem_limit: 64m}
              volumes: {data: {} }
            """)));
        var gateway = new FakeGateway();
        gateway.Converge(desired);
        Assert.Equal(200, gateway.Containers.Count);
        var input = gateway.Input(desired);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 200; i++)
        {
            var clock = Stopwatch.GetTimestamp();
            Assert.True(Planner.Plan(input).IsEmpty);
            var took = Stopwatch.GetElapsedTime(clock);
            best = took < best ? took : best;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Planner.Plan(input);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{best.TotalMilliseconds:0.00} ms, {bytes / 1024} KiB");
        // Bodies alone would be several times this; the time is told, not judged, as the machine may be busy.
        Assert.InRange(bytes, 0, 2 * 1024 * 1024);
    }
}

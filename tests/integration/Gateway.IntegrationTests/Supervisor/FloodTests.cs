using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Mqtt;
using Gateway.IntegrationTests.Fixtures;
using Xunit.Abstractions;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>What others do to the broker and through it.</summary>
[Collection("sandbox")]
public sealed class FloodTests(SandboxFixture fixture, ITestOutputHelper output)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task A_thousand_bad_documents_a_second_cost_little_memory_and_commands_are_answered_meanwhile()
    {
        await using var author = await Operator.CreateAsync();
        await using var supervisor = new RunningSupervisor(sandbox, "gw-flooded");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
        var signature = Encoding.ASCII.GetString(await author.SignAsync("something else"));
        using var ending = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var flood = FloodAsync(i => Operator.Envelope(Operator.Desired(i, "  {}"), signature), "gateway/gw-flooded/desired", ending.Token);
        var slowest = TimeSpan.Zero;
        for (var serial = 1; serial <= 5; serial++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            var asked = clock.Elapsed;
            var id = $"f-{serial}";
            await supervisor.PublishAsync("gateway/gw-flooded/command", await author.EnvelopeAsync(Operator.Command(serial, id, "leave", "\"group\":\"none\"")), retained: false);
            await supervisor.EventuallyAsync(() => supervisor.Last($"reply/{id}") is not null);
            Assert.True((bool)JsonNode.Parse(supervisor.Last($"reply/{id}")!)!["ok"]!);
            slowest = clock.Elapsed - asked > slowest ? clock.Elapsed - asked : slowest;
        }

        await ending.CancelAsync();
        var sent = await flood;
        var rate = sent / clock.Elapsed.TotalSeconds;
        output.WriteLine($"{rate:0} messages/s for {clock.Elapsed.TotalSeconds:0} s; slowest answer {slowest.TotalSeconds:0.0} s; most resident {Resident(supervisor) / 1024} MiB; processor {Processor(supervisor).TotalSeconds / clock.Elapsed.TotalSeconds:P0}");
        Assert.InRange(Resident(supervisor), 1, 200 * 1024);
        Assert.True(slowest < TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await supervisor.RunAsync("health")).ExitCode);
        // It is said once, not a thousand times a second.
        Assert.InRange(supervisor.Log.Split("is refused").Length, 1, 400);
    }

    [Fact]
    public async Task A_broker_that_hangs_is_left_and_found_again()
    {
        await using var supervisor = new RunningSupervisor(sandbox, "gw-hang");
        await supervisor.ConfigureAsync(null);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
        var broker = (await File.ReadAllTextAsync(Path.Combine(sandbox.Directory, "broker.pid"))).Trim();
        Signal("STOP", broker);
        try
        {
            // Half open: nothing is closed, nothing is answered. The supervisor is healthy all the same.
            await supervisor.EventuallyAsync(() => supervisor.Log.Contains("No connection to the broker", StringComparison.Ordinal));
            Assert.Equal(0, (await supervisor.RunAsync("health")).ExitCode);
        }
        finally
        {
            Signal("CONT", broker);
        }

        await supervisor.EventuallyAsync(() => supervisor.Log.Split("Connected to the broker").Length > 2);
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
    }

    private async Task<int> FloodAsync(Func<int, byte[]> message, string topic, CancellationToken cancellation)
    {
        await using var flooder = new MqttClient(new MqttOptions("127.0.0.1", sandbox.Forward(sandbox.BrokerPort), $"flood-{Guid.NewGuid():N}"));
        Assert.True((await flooder.ConnectAsync(CancellationToken.None)).IsSuccess);
        var sent = 0;
        var clock = Stopwatch.StartNew();
        while (!cancellation.IsCancellationRequested)
        {
            // Twenty at a time, a thousand a second.
            for (var i = 0; i < 20; i++)
            {
                _ = flooder.PublishAsync(new MqttMessage(topic, message(++sent), Retained: false), CancellationToken.None, qos: 0);
            }

            var ahead = TimeSpan.FromMilliseconds(sent) - clock.Elapsed;
            await Task.Delay(ahead > TimeSpan.Zero ? ahead : TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }

        return sent;
    }

    private static void Signal(string signal, string pid) => Process.Start(new ProcessStartInfo("kill", [$"-{signal}", pid]))!.WaitForExit();

    /// <summary>Most that was ever resident, KiB.</summary>
    private static int Resident(RunningSupervisor supervisor) =>
        int.Parse(File.ReadLines($"/proc/{supervisor.Pid}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    /// <summary>Processor time of the program and of those it waited for.</summary>
    private static TimeSpan Processor(RunningSupervisor supervisor)
    {
        var fields = File.ReadAllText($"/proc/{supervisor.Pid}/stat").Split(") ")[1].Split(' ');
        return TimeSpan.FromMilliseconds(fields.Skip(11).Take(4).Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) * 10);
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Gateway.Core.Processes;

namespace Gateway.EndToEndTests.Machines;

/// <summary>
/// Runs programs inside a machine without its network, through QEMU's guest agent (qemu.org/docs, guest agent protocol):
/// one JSON object a line, over a serial line of the machine.
/// </summary>
internal sealed class GuestAgent : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(60);
    private readonly Stream toMachine;
    private readonly StreamReader fromMachine;
    private readonly Channel<JsonObject> answers = Channel.CreateUnbounded<JsonObject>();
    private readonly SemaphoreSlim one = new(1);

    /// <param name="fromMachine">What the machine's end of the line says.</param>
    /// <param name="toMachine">What is said to it.</param>
    public GuestAgent(Stream fromMachine, Stream toMachine)
    {
        this.toMachine = toMachine;
        this.fromMachine = new StreamReader(fromMachine, Encoding.UTF8);
        _ = ReadAsync();
    }

    /// <summary>Waits until the agent inside answers.</summary>
    public async Task ReadyAsync(TimeSpan patience)
    {
        var until = DateTime.UtcNow + patience;
        while (!await IsInStepAsync(TimeSpan.FromSeconds(2)))
        {
            Assert.True(DateTime.UtcNow < until, $"the machine did not come up within {patience.TotalSeconds} s");
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<ProcessOutcome> RunAsync(string program, IEnumerable<string> arguments, byte[]? input, TimeSpan patience)
    {
        await one.WaitAsync();
        try
        {
            var request = new JsonObject
            {
                ["path"] = program,
                ["arg"] = new JsonArray([.. arguments.Select(argument => (JsonNode?)argument)]),
                ["capture-output"] = true,
            };
            if (input is not null)
            {
                request["input-data"] = Convert.ToBase64String(input);
            }

            var begun = await AskAsync("guest-exec", request);
            return await EndAsync(begun["pid"]!.GetValue<int>(), patience) ?? throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {patience.TotalSeconds} s");
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        fromMachine.Dispose();
        toMachine.Dispose();
        one.Dispose();
    }

    private async Task<ProcessOutcome?> EndAsync(int pid, TimeSpan patience)
    {
        var until = DateTime.UtcNow + patience;
        for (var pause = 20; DateTime.UtcNow < until; pause = Math.Min(pause * 2, 1000))
        {
            var status = await AskAsync("guest-exec-status", new JsonObject { ["pid"] = pid });
            if (status["exited"]!.GetValue<bool>())
            {
                return new ProcessOutcome(status["exitcode"]?.GetValue<int>() ?? 128, TimedOut: false, status["out-truncated"] is not null, Text(status["out-data"]), Text(status["err-data"]));
            }

            await Task.Delay(pause);
        }

        return null;
    }

    /// <summary>Whether the agent answers; answers to earlier questions are passed over.</summary>
    private async Task<bool> IsInStepAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var id = Random.Shared.Next(1, int.MaxValue);
        try
        {
            await SendAsync("guest-sync", new JsonObject { ["id"] = id }, limit.Token);
            while ((await answers.Reader.ReadAsync(limit.Token))["return"] is not JsonValue value || !value.TryGetValue<int>(out var got) || got != id)
            {
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<JsonNode> AskAsync(string command, JsonObject arguments)
    {
        using var limit = new CancellationTokenSource(Answer);
        await SendAsync(command, arguments, limit.Token);
        var answer = await answers.Reader.ReadAsync(limit.Token);
        return answer["return"] ?? throw new InvalidOperationException($"{command}: {answer["error"]?.ToJsonString()}");
    }

    private async Task SendAsync(string command, JsonObject arguments, CancellationToken cancellation)
    {
        var line = new JsonObject { ["execute"] = command, ["arguments"] = arguments }.ToJsonString() + "\n";
        await toMachine.WriteAsync(Encoding.UTF8.GetBytes(line), cancellation);
        await toMachine.FlushAsync(cancellation);
    }

    /// <summary>Until the machine is off. As it starts, the line carries words of the kernel and echoes of questions, among each other.</summary>
    private async Task ReadAsync()
    {
        try
        {
            while (await fromMachine.ReadLineAsync() is { } line)
            {
                if (AnswerIn(line) is { } answer)
                {
                    answers.Writer.TryWrite(answer);
                }
            }

            answers.Writer.TryComplete(new IOException("the machine went off"));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            answers.Writer.TryComplete(e);
        }
    }

    private static JsonObject? AnswerIn(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonNode.Parse(line) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(JsonNode? base64) => base64 is null ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(base64.GetValue<string>()));
}

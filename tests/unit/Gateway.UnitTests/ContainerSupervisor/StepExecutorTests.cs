using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.ContainerSupervisor.Execute;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using ContainerState = Gateway.Reconciliation.Observed.ContainerState;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class StepExecutorTests
{
    public static TheoryData<Step> Steps => [new StopContainer(0, "x", "id"), new RenameContainer(0, "x", "id", "y"), new RemoveContainer(0, "x", "id")];

    /// <summary>Whatever the planner says: the last line of defence. There is no engine here, so it is not even asked.</summary>
    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_container_that_is_not_ours_or_is_the_supervisor_is_never_touched(Step step)
    {
        using var docker = new DockerClient("/nonexistent/docker.sock");
        var executor = new StepExecutor(docker, new InlineFiles("/nonexistent", docker, Serilog.Core.Logger.None), Serilog.Core.Logger.None);
        var own = ImmutableSortedDictionary<string, string>.Empty.Add("io.gateway.application", "app").Add("io.gateway.role", "supervisor");
        foreach (var labels in new[] { ImmutableSortedDictionary<string, string>.Empty, own })
        {
            var seen = ObservedState.Empty with { Containers = [new ObservedContainer { Id = "id", Name = "x", State = ContainerState.Running, Labels = labels }] };
            var done = await executor.ExecuteAsync(step, seen, CancellationToken.None);
            Assert.Contains("is not one of ours", done.Failure.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>What an engine of Debian's answered after it was restarted in the middle of a start, to each further start of that container.</summary>
    [Theory]
    [InlineData("task 0727000f9c989819da331ce1020bf0f4c11058def43965631fa44b5317474f33: already exists", true)]
    [InlineData("driver failed programming external connectivity: port is already allocated", false)]
    public async Task A_container_whose_earlier_start_the_engine_holds_for_ever_is_made_anew(string answer, bool isRemoved)
    {
        var folder = Directory.CreateTempSubdirectory("gw-engine-");
        var socket = Path.Combine(folder.FullName, "docker.sock");
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        engine.Bind(new UnixDomainSocketEndPoint(socket));
        engine.Listen();
        var asked = AnswerAsync(engine, answer);
        using var docker = new DockerClient(socket);
        var executor = new StepExecutor(docker, new InlineFiles("/nonexistent", docker, Serilog.Core.Logger.None), Serilog.Core.Logger.None);

        var done = await executor.ExecuteAsync(new StartContainer(0, "two", "0727"), ObservedState.Empty, CancellationToken.None);

        Assert.Contains(answer, done.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(isRemoved, done.Failure is { Retryable: true, Kind: FailureKind.Conflict });
        engine.Dispose();
        folder.Delete(recursive: true);
        Assert.Equal(isRemoved, (await asked).Any(line => line.StartsWith("DELETE ", StringComparison.Ordinal) && line.Contains("/containers/0727?", StringComparison.Ordinal)));
    }

    /// <summary>Refuses each start, lets all else be; the first lines of the requests.</summary>
    private static async Task<List<string>> AnswerAsync(Socket engine, string refusal)
    {
        List<string> asked = [];
        try
        {
            while (true)
            {
                using var connection = new NetworkStream(await engine.AcceptAsync(), ownsSocket: true);
                using var reader = new StreamReader(connection, leaveOpen: true);
                asked.Add(await reader.ReadLineAsync() ?? "");
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }

                var (status, body) = asked[^1].Split(' ')[0] switch
                {
                    "GET" => ("200 OK", """{"ApiVersion": "1.41", "MinAPIVersion": "1.12"}"""),
                    "POST" => ("500 Internal Server Error", JsonSerializer.Serialize(new { message = refusal })),
                    _ => ("200 OK", ""),
                };
                await connection.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
            }
        }
        catch (SocketException)
        {
            return asked;
        }
    }
}

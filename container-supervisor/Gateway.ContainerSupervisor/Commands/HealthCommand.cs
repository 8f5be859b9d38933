using System.CommandLine;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Engine;

namespace Gateway.ContainerSupervisor.Commands;

/// <summary><c>health</c>, the image's HEALTHCHECK: no loop hangs, and the engine answers. A broker that is away is no illness.</summary>
internal static class HealthCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("health", "Exit 0 when the running supervisor is alive and the Docker engine answers, else 1 with the reason.");
        command.SetAction((line, cancellation) => RunAsync(global, line, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(GlobalOptions global, ParseResult line, CancellationToken cancellation)
    {
        if (!global.Configuration(line).TryGet(out var configuration, out var wrong))
        {
            return await GlobalOptions.ComplainAsync(wrong);
        }

        var problem = Heartbeat.Problem(configuration.RunDirectory, Environment.TickCount64);
        if (problem is null)
        {
            using var docker = new DockerClient(configuration.DockerSocket, new DockerClientOptions { PingTimeout = TimeSpan.FromSeconds(5) });
            var answered = await docker.PingAsync(cancellation);
            problem = answered.IsSuccess ? null : answered.Failure.ToString();
        }

        await Console.Out.WriteLineAsync(problem ?? "healthy");
        return problem is null ? (int)ExitStatus.Done : (int)ExitStatus.Other;
    }
}

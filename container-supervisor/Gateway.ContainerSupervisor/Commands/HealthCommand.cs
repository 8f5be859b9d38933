using System.CommandLine;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Running;

namespace Gateway.ContainerSupervisor.Commands;

/// <summary><c>health</c>, the image's HEALTHCHECK: no loop hangs, and the engine answers. A broker that is away is no illness.</summary>
internal static class HealthCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("health", "Exit 0 when the running supervisor is alive and the Docker engine answers, else 1 with the reason.");
        command.SetAction(line => Run(global.ConfigurationFile(line)));
        return command;
    }

    public static int Run(string configurationFile)
    {
        var problem = HealthProbe.Problem(configurationFile);
        Console.Out.WriteLine(problem ?? "healthy");
        return problem is null ? (int)ExitStatus.Done : (int)ExitStatus.Other;
    }
}

using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>Carries out <c>restart</c>: the running containers of an application, or of one service of it.</summary>
internal sealed class ServiceRestart(DockerClient docker)
{
    public async Task<Result<string>> RunAsync(RestartCommand command, CancellationToken cancellation)
    {
        var label = $"{GatewayLabels.Application}={command.Application}";
        var listed = await docker.Containers.ListAsync(command.Service is { } service ? [label, $"{GatewayLabels.Service}={service}"] : [label], all: false, cancellation);
        if (!listed.TryGet(out var containers, out var wrong))
        {
            return wrong;
        }

        if (containers.IsEmpty)
        {
            return new Failure(Phase.Apply, command.Service is null ? command.Application : $"{command.Application}/{command.Service}", "no such container runs");
        }

        var results = await Task.WhenAll(containers.Select(container => docker.Containers.RestartAsync(container.Id, cancel: cancellation)));
        var failed = results.SelectMany(result => result.Failures).ToList();
        return failed.Count > 0 ? failed[0] : $"restarted {containers.Length} container(s)";
    }
}

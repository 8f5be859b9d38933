using System.Collections.Immutable;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Specs;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>Carries out <c>restart</c>: the containers of an application all at once, or one service and then those that restart after it.</summary>
/// <param name="docker">The engine.</param>
/// <param name="desired">What shall run now.</param>
internal sealed class ServiceRestart(DockerClient docker, Func<DesiredState?> desired)
{
    public async Task<Result<string>> RunAsync(RestartCommand command, CancellationToken cancellation)
    {
        var listed = await docker.Containers.ListAsync([$"{GatewayLabels.Application}={command.Application}"], all: false, cancellation);
        if (!listed.TryGet(out var containers, out var wrong))
        {
            return wrong;
        }

        var restarted = 0;
        foreach (var services in Stages(command))
        {
            var some = containers.Where(container => services is not { } names || names.Contains(container.Labels.GetValueOrDefault(GatewayLabels.Service, ""))).ToList();
            if (some.Count == 0 && restarted == 0)
            {
                return new Failure(Phase.Apply, command.Service is null ? command.Application : $"{command.Application}/{command.Service}", "no such container runs");
            }

            var results = await Task.WhenAll(some.Select(container => docker.Containers.RestartAsync(container.Id, cancel: cancellation)));
            if (results.SelectMany(result => result.Failures).FirstOrDefault() is { } failure)
            {
                return failure;
            }

            restarted += some.Count;
        }

        return $"restarted {restarted} container(s)";
    }

    /// <summary>Names of services that restart together, one stage after the other; null: all of the application.</summary>
    private IEnumerable<ImmutableArray<string>?> Stages(RestartCommand command)
    {
        if (command.Service is not { } service)
        {
            return [null];
        }

        var after = desired()?[command.Application] is { } application ? Dependants.Of(application, service) : [];
        return after.Prepend(service).Select(name => (ImmutableArray<string>?)[name]);
    }
}

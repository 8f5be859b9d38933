using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Playbooks.Modules;

/// <summary>container_supervisor, ours: the supervisor's container runs from an image, or the one before it does.</summary>
public sealed class ContainerSupervisorModule() : TaskModule<UpdateSupervisor, SupervisorState?>("container_supervisor", Options, "gateway.host.container_supervisor")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("image") { Required = true },
        new Option("health_timeout") { Default = 120L },
        new Option("probation") { Default = 60L },
    ]);

    public override Result<UpdateSupervisor> Parse(OptionValues options, ModuleContext context)
    {
        var image = options.TextOf("image");
        var timeout = options.TextOf("health_timeout");
        var probation = options.TextOf("probation");
        return ImageReference.Problem(image) is { } problem ? Refuse(context, problem)
            : !ImageReference.HasDigest(image) ? Refuse(context, $"image '{image}' needs a digest: name@sha256:… (or sha256:… for an image that was loaded)")
            : !Durations.TryParse(timeout, out var duration) || duration < TimeSpan.FromSeconds(1) || duration > TimeSpan.FromHours(1)
                ? Refuse(context, "'health_timeout' must be a number of seconds, or like 2m, from 1s to 1h")
            : !Durations.TryParse(probation, out var stays) || stays > TimeSpan.FromHours(1)
                ? Refuse(context, "'probation' must be a number of seconds, or like 2m, from 0 to 1h")
                : new UpdateSupervisor(image, duration) { Probation = stays };
    }

    public override async Task<Result<SupervisorState?>> ReadAsync(UpdateSupervisor arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        await reader.SupervisorAsync(arguments, cancellation);

    public override TaskPlan Plan(UpdateSupervisor arguments, SupervisorState? facts, ModuleContext context)
    {
        var result = Results.Of(("image", arguments.Image));
        if (facts is { IsCurrent: true, Running: true, Health: not "unhealthy" })
        {
            return TaskPlan.Nothing(result.With("health", facts.Health));
        }

        var diff = Results.Diff(facts is null ? "" : $"image: {facts.Image}\n", $"image: {arguments.Image}\n");
        return new TaskPlan([arguments], result.With("diff", diff))
        {
            Report = outcomes => outcomes[^1].Error is not null
                ? Results.Failed(outcomes[^1])
                : result.With("diff", diff).With("msg", outcomes[^1].Note ?? ""),
        };
    }
}

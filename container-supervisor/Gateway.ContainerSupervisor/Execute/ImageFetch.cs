using Gateway.ContainerSupervisor.Configuration;
using Gateway.Core.Engine;
using Gateway.Core.Registry;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Reconciliation.Desired;
using Serilog;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>
/// Brings one image here: looks for room, logs in, has the engine pull and checks the digest, and brings what came onto
/// the disk. It takes as long as it takes; only a silence of minutes ends it. A pull is never given up without need:
/// engine 20.10 goes on waiting for a layer that hangs, and every later pull of it with it.
/// </summary>
internal sealed class ImageFetch(DockerClient docker, SpaceGuard space, CredentialsFile? credentials, ILogger log)
{
    private static readonly long LookAtDisk = (long)TimeSpan.FromSeconds(1).TotalMilliseconds;

    /// <summary>As the gateway is configured.</summary>
    public static ImageFetch Of(DockerClient docker, SupervisorConfiguration configuration, ILogger log) => new(
        docker,
        new SpaceGuard(docker, configuration.StateDirectory, Disk.Space, log),
        configuration.RegistryCredentials is { } file ? new CredentialsFile(file) : new CredentialsFile(CredentialsFile.UsualPath, mayBeAbsent: true),
        log);

    public async Task<Result<Nothing>> FetchAsync(ImageReference image, PullMeter meter, Action progress, CancellationToken cancellation)
    {
        if (!(await docker.InfoAsync(cancellation)).TryGet(out var engine, out var wrong))
        {
            return wrong;
        }

        var login = credentials?.For(image.Registry);
        var auth = login is { IsSuccess: true } good ? good.Value : null;
        if (login is { IsSuccess: false } bad)
        {
            log.Warning("Without a log-in: {Reason}", bad.Failure.ToString());
        }

        if (await space.RefuseAsync(image, engine, auth, cancellation) is { } full)
        {
            return full;
        }

        var pulled = await PullAsync(image, engine, auth, meter, progress, cancellation);
        if (!pulled.IsSuccess)
        {
            return login is { IsSuccess: false } ? pulled.Failure with { Message = $"{pulled.Failure.Message}; without a log-in, since {login.Value.Failure}" } : pulled;
        }

        // A power cut now would leave empty files that the engine believes in.
        var flushed = await Task.Run(() => Disk.Flush(space.Folder(engine)), cancellation);
        if (!flushed.IsSuccess)
        {
            log.Warning("{Failure}", flushed.Failure.ToString());
        }

        return default(Nothing);
    }

    private async Task<Result<Nothing>> PullAsync(
        ImageReference image, EngineInfo engine, RegistryAuth? auth, PullMeter meter, Action progress, CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Failure? stop = null;
        var looked = Environment.TickCount64;
        try
        {
            var pulled = await docker.Images.PullAsync(image.Pull, auth, Told, stopping.Token);
            return pulled.IsSuccess ? default(Nothing) : pulled.Failures;
        }
        catch (OperationCanceledException) when (stop is not null)
        {
            return stop;
        }

        void Told(PullProgress step)
        {
            meter.Take(step);
            progress();
            if (stop is null && Environment.TickCount64 - looked >= LookAtDisk)
            {
                looked = Environment.TickCount64;
                if ((stop = space.Stop(image, engine)) is not null)
                {
                    stopping.Cancel();
                }
            }
        }
    }
}

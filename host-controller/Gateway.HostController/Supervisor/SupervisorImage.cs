using System.Runtime.InteropServices;
using Gateway.Core.Engine;
using Gateway.Core.Registry;
using Gateway.Core.Reports;

namespace Gateway.HostController.Supervisor;

/// <summary>Brings the supervisor's image here and finds out whether it can be executed at all, before anything is touched.</summary>
internal sealed partial class SupervisorImage(DockerClient engine, string container)
{
    /// <summary>The program in our own images; FORMATS, "Container supervisor".</summary>
    private const string Program = "container-supervisor";
    private const int NotExecutable = 125;
    private static readonly TimeSpan SmokeTime = TimeSpan.FromSeconds(30);

    /// <summary>A name of our own for the images in use; the engine takes images without a tag for left over.</summary>
    public string OwnName { get; } = $"gateway.local/{string.Concat(container.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-')}";

    /// <summary>Log-ins to registries; null for none.</summary>
    public CredentialsFile? Logins { get; init; }

    /// <summary>The image, pulled unless it is there; a digest asked for is the digest got.</summary>
    public async Task<Result<ImageDetails>> FetchAsync(string reference, Action<string> progress, CancellationToken cancellation)
    {
        var there = await engine.Images.InspectAsync(reference, cancellation);
        if (there.IsSuccess || there.Failure.Kind != FailureKind.NotFound)
        {
            return there;
        }

        progress($"pulling {reference}");
        var pulled = await engine.Images.PullAsync(reference, Logins?.ForImage(reference, progress), step => Tell(step, progress), cancellation);
        // A power cut after a pull can leave empty layers that the engine believes in (FACTS, "Durable files").
        FlushDisks();
        return pulled;
    }

    /// <summary>
    /// Runs the image once with <c>--version</c>, without network and mounts. Our program must answer; of an image whose
    /// program is another it is only asked that it can be executed.
    /// </summary>
    /// <param name="id">The image, as the engine knows it.</param>
    /// <param name="reference">The image, as it was asked for; for messages.</param>
    /// <param name="image">What is known about it.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Result<Nothing>> SmokeTestAsync(string id, string reference, ImageDetails image, CancellationToken cancellation)
    {
        var name = $"{container}-smoke";
        var program = image.Config.Entrypoint.Concat(image.Config.Cmd).FirstOrDefault() ?? "";
        _ = await engine.Containers.RemoveAsync(name, force: true, volumes: true, cancellation);
        var spec = new ContainerSpec
        {
            Image = id,
            Cmd = image.Config.Entrypoint.Count > 0 ? ["--version"] : [program, "--version"],
            Healthcheck = new HealthcheckSpec { Test = ["NONE"] },
            HostConfig = new HostConfigSpec { NetworkMode = "none" },
        };
        try
        {
            var created = await engine.Containers.CreateAsync(name, spec, cancellation);
            return created.TryGet(out var smoke, out var failures) ? await JudgeAsync(smoke.Id, reference, program, cancellation) : failures;
        }
        finally
        {
            _ = await engine.Containers.RemoveAsync(name, force: true, volumes: true, CancellationToken.None);
        }
    }

    private async Task<Result<Nothing>> JudgeAsync(string id, string reference, string program, CancellationToken cancellation)
    {
        var started = await engine.Containers.StartAsync(id, cancellation);
        if (!started.IsSuccess)
        {
            return started;
        }

        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(SmokeTime);
        var isOurs = Path.GetFileName(program) == Program;
        try
        {
            if (!(await engine.Containers.WaitAsync(id, WaitCondition.NotRunning, time.Token)).TryGet(out var code, out var failures))
            {
                return failures;
            }

            return code >= NotExecutable || (isOurs && code != 0)
                ? new Failure(Phase.Apply, $"image {reference}", $"does not run: '{program} --version' ended with {code}; nothing was touched")
                : default(Nothing);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return isOurs
                ? new Failure(Phase.Apply, $"image {reference}", $"'{program} --version' did not end within {SmokeTime.TotalSeconds:0} s; nothing was touched")
                : default(Nothing);
        }
    }

    private static void Tell(PullProgress step, Action<string> progress)
    {
        if (step.Status is "Pull complete" or "Already exists" or "Download complete")
        {
            progress($"{step.Layer}: {step.Status}");
        }
    }

    [LibraryImport("libc", EntryPoint = "sync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FlushDisks();
}

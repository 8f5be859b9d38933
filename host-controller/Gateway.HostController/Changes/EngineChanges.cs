using System.Collections.Immutable;
using Gateway.Core.Engine;
using Gateway.Core.Registry;
using Gateway.Core.Reports;
using Gateway.HostController.Run;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Changes;

/// <summary>Changes that the container engine makes: images, log-ins, the supervisor's restart.</summary>
internal sealed class EngineChanges(HostAccess host, Action<string> progress)
{
    private readonly HostPaths paths = new(host.Root);

    public async Task<ChangeOutcome> PullAsync(PullImage pull, CancellationToken cancellation)
    {
        using var engine = new DockerClient(host.DockerSocket);
        var pulled = await engine.Images.PullAsync(pull.Reference, Auth(pull.Reference), Show, cancellation);
        return pulled.TryGet(out var image, out var wrong) ? new ChangeOutcome { Note = image.Id } : Failed(wrong);
    }

    public async Task<ChangeOutcome> LoadAsync(LoadImage load, CancellationToken cancellation)
    {
        using var engine = new DockerClient(host.DockerSocket);
        await using var archive = new FileStream(OnThisMachine(load), FileMode.Open, FileAccess.Read, FileShare.Read);
        var loaded = await engine.Images.LoadAsync(archive, Show, cancellation);
        if (!loaded.IsSuccess)
        {
            return Failed(loaded.Failures);
        }

        // The archive is trusted for nothing: what was asked for must be there now.
        var found = await engine.Images.InspectAsync(load.Reference, cancellation);
        return found.TryGet(out var image, out _)
            ? new ChangeOutcome { Note = image.Id }
            : new ChangeOutcome($"{load.Path} does not hold {load.Reference}, but {string.Join(", ", loaded.Value.References)}");
    }

    public async Task<ChangeOutcome> RemoveAsync(RemoveImage remove, CancellationToken cancellation)
    {
        using var engine = new DockerClient(host.DockerSocket);
        var removed = await engine.Images.RemoveAsync(remove.Reference, remove.Force, cancellation);
        return removed.IsSuccess ? ChangeOutcome.Done : Failed(removed.Failures);
    }

    /// <summary>Asks the registry by way of the engine, which knows its certificates and proxies.</summary>
    public async Task<ChangeOutcome> LogInAsync(CheckLogin login, CancellationToken cancellation)
    {
        using var engine = new DockerClient(host.DockerSocket);
        var taken = await engine.LogInAsync(new RegistryAuth(login.Username, login.Password, login.Registry), cancellation);
        return taken.IsSuccess ? ChangeOutcome.Done : Failed(taken.Failures);
    }

    public async Task<ChangeOutcome> RestartSupervisorAsync(CancellationToken cancellation)
    {
        using var engine = new DockerClient(host.DockerSocket);
        if (!(await engine.Containers.ListAsync(["io.gateway.role=supervisor"], all: false, cancellation)).TryGet(out var running, out _))
        {
            // Without an engine nothing runs that would have to be told.
            return ChangeOutcome.Done;
        }

        foreach (var container in running)
        {
            var restarted = await engine.Containers.RestartAsync(container.Id, cancel: cancellation);
            if (!restarted.IsSuccess)
            {
                return Failed(restarted.Failures);
            }
        }

        return ChangeOutcome.Done;
    }

    private void Show(PullProgress step)
    {
        if (step.Total == 0 || step.Current == step.Total)
        {
            progress(step.Layer.Length == 0 ? step.Status : $"{step.Layer}: {step.Status}");
        }
    }

    private static ChangeOutcome Failed(ImmutableArray<Failure> wrong) => new(string.Join("; ", wrong.Select(failure => failure.ToString())));

    private RegistryAuth? Auth(string reference) => new CredentialsFile(paths.On(CredentialsFile.UsualPath), mayBeAbsent: true).ForImage(reference, progress);

    private string OnThisMachine(LoadImage load) => load.IsBeside ? load.Path : load.Path.StartsWith('/') ? paths.On(load.Path) : Path.GetFullPath(load.Path);
}

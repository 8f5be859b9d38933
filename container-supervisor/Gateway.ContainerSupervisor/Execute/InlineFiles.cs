using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Reconciliation.Specs;
using Serilog;
using ContainerSpec = Gateway.Reconciliation.Specs.ContainerSpec;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>
/// The files that documents give to containers (secrets, configs), in folders only root can enter. Each content has a
/// folder of its own, so a container that is put back after a failed update finds its own; what no container refers
/// to any more is removed.
/// </summary>
internal sealed class InlineFiles(string root, DockerClient docker, ILogger log)
{
    private const UnixFileMode RootOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Lock gate = new();
    private readonly HashSet<string> written = new(StringComparer.Ordinal);
    private ImmutableList<string> underWay = [];

    /// <summary>Writes what is not there already. Until <see cref="Release"/> nothing of it is cleaned away.</summary>
    public Result<Nothing> Write(ContainerSpec spec)
    {
        lock (gate)
        {
            var folders = spec.Files.Select(Folder).ToList();
            underWay = underWay.AddRange(folders);
            written.UnionWith(folders);
        }

        foreach (var file in spec.Files)
        {
            var done = Write(file);
            if (!done.IsSuccess)
            {
                return done;
            }
        }

        return default(Nothing);
    }

    /// <summary>The container refers to its files now, or will not be made.</summary>
    public void Release(ContainerSpec spec)
    {
        lock (gate)
        {
            foreach (var folder in spec.Files.Select(Folder))
            {
                underWay = underWay.Remove(folder);
            }
        }
    }

    /// <summary>Removes what no container refers to. A failure leaves it for the next time.</summary>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            // Those under way now may be finished, and let go, between the list and the removal.
            written.Clear();
            written.UnionWith(underWay);
        }

        var folders = Folders();
        var listed = folders.IsEmpty ? default : await docker.Containers.ListAsync([GatewayLabels.Files], all: true, cancellation);
        if (folders.IsEmpty || !listed.TryGet(out var containers, out _))
        {
            return;
        }

        var used = containers.SelectMany(static container => container.Labels.GetValueOrDefault(GatewayLabels.Files, "").Split(',')).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in folders.Where(folder => !used.Contains(Path.GetFileName(folder))))
        {
            lock (gate)
            {
                // A container that is being made, or was made after the list was.
                if (!underWay.Contains(folder) && !written.Contains(folder))
                {
                    Remove(folder);
                }
            }
        }
    }

    private Result<Nothing> Write(PlacedFile file)
    {
        try
        {
            // The mode counts for the last folder alone, so each is made by itself.
            var folder = root;
            foreach (var part in Path.GetRelativePath(root, Folder(file)).Split('/').Prepend(""))
            {
                folder = Path.Combine(folder, part);
                Directory.CreateDirectory(folder, RootOnly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Apply, Folder(file), $"could not be made: {SystemErrors.Text(e)}", Retryable: true);
        }

        var owner = new FileOwner((uint)file.File.Uid, (uint)file.File.Gid);
        var done = AtomicFile.WriteIfChanged(file.Path, Encoding.UTF8.GetBytes(file.File.Content), (UnixFileMode)file.File.Mode, owner);
        return done.IsSuccess ? default(Nothing) : done.Failures;
    }

    private static string Folder(PlacedFile file) => Path.GetDirectoryName(file.Path)!;

    /// <summary>Each <c>application/service/identity</c>.</summary>
    private ImmutableArray<string> Folders()
    {
        try
        {
            return !Directory.Exists(root)
                ? []
                : [.. Directory.EnumerateDirectories(root).SelectMany(Directory.EnumerateDirectories).SelectMany(Directory.EnumerateDirectories)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning("Files of containers in {Folder} could not be listed: {Reason}", root, SystemErrors.Text(e));
            return [];
        }
    }

    private void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            for (var above = Path.GetDirectoryName(folder)!; above != root && !Directory.EnumerateFileSystemEntries(above).Any(); above = Path.GetDirectoryName(above)!)
            {
                Directory.Delete(above);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning("Files in {Folder}, which no container uses, could not be removed: {Reason}", folder, SystemErrors.Text(e));
        }
    }
}

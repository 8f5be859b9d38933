using System.Net.Sockets;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.Report;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Reports;
using Serilog;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>Keeps the sockets of the local interface: the machine's own, and one for each service that shall have one, each in a folder that only its container sees.</summary>
internal sealed class ApiSockets(string runDirectory, ApiRoutes routes, ServiceReports reports, ErrorBook errors, ILogger log) : IAsyncDisposable
{
    private const string Subject = "local interface";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode OwnerConnects = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode AllConnect = OwnerConnects | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly string root = Path.Combine(runDirectory, "api");
    private readonly Dictionary<ApiCaller, ApiSocket> open = [];
    private readonly Signal changed = new();

    /// <summary>What was seen last.</summary>
    public required Func<Snapshot> Seen { get; init; }

    /// <summary>Something may have changed.</summary>
    public void Changed() => changed.Raise();

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(Action alive, CancellationToken cancellation)
    {
        while (true)
        {
            alive();
            await KeepAsync();
            await changed.WaitAsync(Heartbeat.Beat, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in open.Values)
        {
            await socket.DisposeAsync();
        }

        open.Clear();
        changed.Dispose();
    }

    private async Task KeepAsync()
    {
        try
        {
            var wanted = ApiFolders.Wanted(Seen(), There());
            foreach (var (caller, socket) in open.Where(one => !one.Value.IsAlive || !(one.Key.IsHost || wanted.Contains(one.Key))).ToList())
            {
                open.Remove(caller);
                await socket.DisposeAsync();
            }

            Directory.CreateDirectory(runDirectory);
            Open(ApiCaller.Host, runDirectory, OwnerConnects);
            foreach (var caller in wanted)
            {
                MakeFolder(root, Private);
                MakeFolder(Path.Combine(root, caller.Application!), Private);
                MakeFolder(FolderOf(caller), Passable);
                Open(caller, FolderOf(caller), AllConnect);
            }

            Tidy(wanted);
            reports.Keep(wanted.Select(static caller => caller.Name).ToHashSet(StringComparer.Ordinal));
            errors.Resolve(Subject);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            if (errors.Note(Subject, SystemErrors.Text(e)))
            {
                log.Warning("The local interface is not complete: {Reason}", SystemErrors.Text(e));
            }
        }
    }

    private void Open(ApiCaller caller, string folder, UnixFileMode mode)
    {
        if (!open.ContainsKey(caller))
        {
            open[caller] = ApiSocket.Open(folder, mode, (request, cancellation) => routes.AnswerAsync(caller, request, cancellation), log);
        }
    }

    /// <summary>The engine makes the folder itself, with a mode of its own, when it starts a container before we do.</summary>
    private static void MakeFolder(string folder, UnixFileMode mode)
    {
        if (Directory.Exists(folder) && File.GetUnixFileMode(folder) == mode)
        {
            return;
        }

        Directory.CreateDirectory(folder, mode);
        File.SetUnixFileMode(folder, mode);
    }

    /// <summary>Folders of services that shall not have one, and of which no container is left that could hold them.</summary>
    private void Tidy(IReadOnlySet<ApiCaller> wanted)
    {
        foreach (var caller in There().Where(caller => !wanted.Contains(caller)))
        {
            Directory.Delete(FolderOf(caller), recursive: true);
            if (!Directory.EnumerateFileSystemEntries(Path.Combine(root, caller.Application!)).Any())
            {
                Directory.Delete(Path.Combine(root, caller.Application!));
            }
        }
    }

    private IEnumerable<ApiCaller> There() => Directory.Exists(root)
        ? [.. Directory.EnumerateDirectories(root).SelectMany(Directory.EnumerateDirectories).Select(static folder => new ApiCaller(Path.GetFileName(Path.GetDirectoryName(folder)), Path.GetFileName(folder)))]
        : [];

    private string FolderOf(ApiCaller caller) => Path.Combine(root, caller.Application!, caller.Service!);
}

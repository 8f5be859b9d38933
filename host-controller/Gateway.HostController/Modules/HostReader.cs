using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Core.Engine;
using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.HostController.Changes;
using Gateway.HostController.Configuration;
using Gateway.HostController.Run;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Modules;

/// <summary>Reads the machine for modules.</summary>
internal sealed class HostReader(HostAccess host, TimeProvider clock) : IHostReader
{
    private const int LargestOutput = 16 * 1024 * 1024;

    private readonly HostPaths paths = new(host.Root);
    private readonly AccountFile users = new(new HostPaths(host.Root).On("/etc/passwd"));
    private readonly AccountFile groups = new(new HostPaths(host.Root).On("/etc/group"));

    public DateTimeOffset Now => clock.GetLocalNow();

    public IHostReader Machine => paths.IsMachine ? this : new HostReader(host with { Root = "/" }, clock);

    public int Umask { get; } = ReadUmask();

    public FileState? Stat(string path, bool follow)
    {
        var at = OnThisMachine(path);
        if (NativeCalls.Stat(at, follow) is not { } stat)
        {
            return null;
        }

        var kind = (stat.Mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        return new FileState(
            kind, stat.Mode & 0xFFF, (int)stat.Uid, (int)stat.Gid, (long)stat.Size, stat.Links, ((long)stat.DeviceMajor << 32) | stat.DeviceMinor, (long)stat.Inode,
            Time(stat.AccessedSeconds, stat.AccessedNanoseconds), Time(stat.ModifiedSeconds, stat.ModifiedNanoseconds), kind == FileKind.Link ? new FileInfo(at).LinkTarget : null)
        {
            TypeBits = stat.Mode & 0xF000,
            Changed = Time(stat.ChangedSeconds, stat.ChangedNanoseconds),
            Blocks = (long)stat.Blocks,
            BlockSize = stat.BlockSize,
            SpecialDevice = ((long)stat.SpecialMajor << 32) | stat.SpecialMinor,
        };
    }

    public Result<ReadOnlyMemory<byte>> ReadFile(string path, long most) => Guard<ReadOnlyMemory<byte>>(path, at =>
    {
        using var stream = new FileStream(at, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (stream.Read(buffer) is var count and > 0)
        {
            content.Write(buffer, 0, count);
            if (content.Length > most)
            {
                return new Failure(Phase.Observe, path, $"is larger than {most} bytes");
            }
        }

        return (ReadOnlyMemory<byte>)content.ToArray();
    });

    public Result<string> Sha1(string path) => Sum(path, "sha1");

    public Result<string> Sum(string path, string algorithm) => Guard<string>(path, at =>
    {
        using var stream = new FileStream(at, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return ContentSum.Of(stream, algorithm);
    });

    public ImmutableArray<string> List(string path) => ListAsFound(path).Sort(StringComparer.Ordinal);

    public ImmutableArray<string> ListAsFound(string path) =>
        Guard<ImmutableArray<string>>(path, at => Directory.EnumerateFileSystemEntries(at).Select(entry => Path.GetFileName(entry)).ToImmutableArray())
            .TryGet(out var names, out _) ? names : [];

    public (int Number, string Text)? Hidden(string path, bool follow) =>
        NativeCalls.Hidden(OnThisMachine(path), follow) is { } number ? (number, new System.ComponentModel.Win32Exception(number).Message) : null;

    public string RealPath(string path) => paths.Inside(Resolve(OnThisMachine(path), 0));

    /// <summary>As far as there is something; what is not there stays as it is named.</summary>
    private static string Resolve(string at, int links)
    {
        const int MostLinks = 40;
        if (NativeCalls.RealPath(at) is { } real)
        {
            return real;
        }

        if (links > MostLinks || Path.GetDirectoryName(at) is not { } parent)
        {
            return at;
        }

        return new FileInfo(at).LinkTarget is { } target
            ? Resolve(Path.GetFullPath(Path.Combine(parent, target)), links + 1)
            : Path.Combine(Resolve(parent, links + 1), Path.GetFileName(at));
    }

    public string OnThisMachine(string path) => path.StartsWith('/') ? paths.On(path) : Path.GetFullPath(path);

    public bool AnyMatch(string pattern) => pattern.AsSpan().IndexOfAny("*?[") < 0
        ? Stat(pattern, follow: true) is not null
        : GlobPattern.AnyMatch(OnThisMachine(pattern));

    public int? UserId(string name) => users.Number(name);

    public int? GroupId(string name) => groups.Number(name);

    public string UserName(int uid) => users.Name(uid) ?? uid.ToString(CultureInfo.InvariantCulture);

    public string GroupName(int gid) => groups.Name(gid) ?? gid.ToString(CultureInfo.InvariantCulture);

    public string? Home(string? user) => user is null ? System.Environment.GetEnvironmentVariable("HOME") ?? users.Home("root") : users.Home(user);

    public string? Environment(string name) => System.Environment.GetEnvironmentVariable(name);

    public Result<PlaybookFile> PlaybookFile(string name, long most, string folder = "files") => PlaybookPath(name, folder).Then<PlaybookFile>(found =>
    {
        if (Directory.Exists(found))
        {
            return new Failure(Phase.Apply, name, $"'{name}' is a folder, not a file");
        }

        // The file is named by its path on this machine: the reader's root is for paths of the gateway.
        return Machine.ReadFile(found, most).Then<PlaybookFile>(content => new PlaybookFile(found, Machine.Stat(found, follow: true)!, content));
    });

    public Result<string> PlaybookPath(string name, string folder = "files")
    {
        if (host.PlaybookFolder is null)
        {
            return new Failure(Phase.Apply, name, "a lone signed playbook has no files beside it: use 'content', or 'remote_src: true'");
        }

        return FindPlaybookPath(name, folder) is { } found
            ? found
            : new Failure(Phase.Apply, name,
                $"Could not find or access '{name}'{Searched(name, folder)} on the Ansible Controller.\nIf you are using a module and expect the file to exist on the remote, see the remote_src option");
    }

    public string PlaybookPlace(string name) => PlaybookFiles.Candidates(host, name, "").FirstOrDefault() ?? name;

    public string? FindPlaybookPath(string name, string folder) => PlaybookFiles.Find(host, name, folder);

    public string Architecture => MachineFacts.Architecture;

    public string TimeZone => MachineFacts.TimeZone(clock);

    public DictValue AllEnvironment => MachineFacts.Environment();

    public ImmutableArray<InterfaceAddress> Addresses() => MachineFacts.Addresses();

    public FileSystemSpace? Space(string path) => FileSystems.Space(OnThisMachine(path));

    public ReadOutput RunFact(string path) => RunNow(OnThisMachine(path), [], TimeSpan.FromSeconds(10));

    public Result<string> Pipe(string command)
    {
        if (!host.AllowedLookups.Contains("pipe"))
        {
            return new Failure(Phase.Policy, command, "the lookup 'pipe' is not in allowed_lookups of this gateway");
        }

        var output = RunNow("/bin/sh", ["-c", command], TimeSpan.FromMinutes(1));
        return output.ExitCode == 0 ? output.StandardOutput.TrimEnd() : new Failure(Phase.Apply, "", $"lookup_plugin.pipe({command}) returned {output.ExitCode}");
    }

    public Result<string> Url(string address) => host.AllowedLookups.Contains("url")
        ? UrlLookup.Get(address)
        : new Failure(Phase.Policy, address, "the lookup 'url' is not in allowed_lookups of this gateway");

    public string? ConfigurationProblem(string text) =>
        ConfigurationReader.Read(new SourceText("host-controller.yaml", Encoding.UTF8.GetBytes(text))).TryGet(out _, out var wrong) ? null : string.Join("; ", wrong);

    /// <summary>Ansible lists what it searches for the task and for the playbook: the same twice where there is no role.</summary>
    private string Searched(string name, string folder)
    {
        var places = PlaybookFiles.Candidates(host, name, folder).ToList();
        return name.StartsWith('/') ? "" : $"\nSearched in:\n\t{string.Join("\n\t", places.Count == 2 ? [.. places, .. places] : places)}";
    }

    public async Task<ReadOutput> RunAsync(string program, ImmutableArray<string> arguments, CancellationToken cancellation)
    {
        var outcome = await ProcessRunner.RunAsync(
            new ProcessRequest(program, arguments)
            {
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C.UTF-8", ["PATH"] = ProgramPath.Default },
                OutputLimit = LargestOutput,
            },
            cancellation);
        return new ReadOutput(outcome.ExitCode, outcome.StandardOutput, outcome.StandardError);
    }

    public async Task<WebAnswer> AskAsync(WebRequest request, int most, CancellationToken cancellation)
    {
        using var client = new WebClient(request, OnThisMachine);
        return await client.SendAsync(async (answer, body, token) =>
        {
            var kept = new byte[most];
            var length = await body.ReadAtLeastAsync(kept, most, throwOnEndOfStream: false, token);
            return answer with { Body = kept.AsMemory(0, length) };
        }, cancellation);
    }

    public async Task<Result<ImageState?>> ImageAsync(string reference, CancellationToken cancellation)
    {
        using var engine = new DockerClient(host.DockerSocket);
        var found = await engine.Images.InspectAsync(reference, cancellation);
        return found.TryGet(out var image, out var wrong) ? new ImageState(image.Id, [.. image.RepoTags], [.. image.RepoDigests])
            : wrong[0].Kind == FailureKind.NotFound ? (ImageState?)null
            : wrong;
    }

    public Task<Result<SupervisorState?>> SupervisorAsync(UpdateSupervisor wanted, CancellationToken cancellation) => host.ReadSupervisor is { } read
        ? read(wanted, cancellation)
        : Task.FromResult<Result<SupervisorState?>>(new Failure(Phase.Observe, "container_supervisor", "there is no supervisor to be managed here"));

    /// <summary>For expressions, which cannot wait otherwise.</summary>
    private static ReadOutput RunNow(string program, ImmutableArray<string> arguments, TimeSpan timeout)
    {
        var request = new ProcessRequest(program, arguments)
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["LC_ALL"] = "C.UTF-8", ["PATH"] = ProgramPath.Default },
            OutputLimit = LargestOutput,
            Timeout = timeout,
        };
        var outcome = Task.Run(() => ProcessRunner.RunAsync(request, CancellationToken.None)).GetAwaiter().GetResult();
        return new ReadOutput(outcome.ExitCode, outcome.StandardOutput, outcome.StandardError);
    }

    private Result<T> Guard<T>(string path, Func<string, Result<T>> read)
    {
        try
        {
            return read(OnThisMachine(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Observe, path, $"could not be read: {SystemErrors.Text(e)}");
        }
    }

    private static DateTimeOffset Time(long seconds, uint nanoseconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / 100);

    private static int ReadUmask()
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("Umask:", StringComparison.Ordinal));
        return line is null ? 0x12 : Convert.ToInt32(line["Umask:".Length..].Trim(), 8);
    }
}

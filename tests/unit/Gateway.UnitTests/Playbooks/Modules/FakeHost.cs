using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.UnitTests.Playbooks.Modules;

/// <summary>A machine made of a mapping: <c>files</c>, <c>outputs</c> of programs, <c>users</c>, <c>images</c>, <c>supervisor</c>, <c>environment</c>.</summary>
internal sealed class FakeHost(DictValue facts) : IHostReader
{
    public FakeHost()
        : this(DictValue.Empty)
    {
    }

    public DateTimeOffset Now { get; } = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public int Umask => 0x12;

    public IHostReader Machine => this;

    public FileState? Stat(string path, bool follow)
    {
        if (Find("files", path.Length > 1 ? path.TrimEnd('/') : path) is not { } file)
        {
            return IsFolderOfOthers(path) ? new FileState(FileKind.Directory, 0x1ED, 0, 0) : null;
        }

        if (file is TextValue content)
        {
            return new FileState(FileKind.File, 0x1A4, 0, 0, content.Value.Length) { TypeBits = 0x8000 };
        }

        var state = (DictValue)file;
        if (Text(state, "link") is { } target)
        {
            var at = target.StartsWith('/') ? target : path[..(path.LastIndexOf('/') + 1)] + target;
            return follow ? Stat(at, follow) : new FileState(FileKind.Link, 0x1FF, 0, 0, LinkTarget: target) { TypeBits = 0xA000 };
        }

        var kind = Text(state, "kind") == "directory" ? FileKind.Directory : FileKind.File;
        var mode = Convert.ToInt32(Text(state, "mode") ?? (kind == FileKind.Directory ? "755" : "644"), 8);
        int Number(string key) => int.Parse(Text(state, key) ?? "0", CultureInfo.InvariantCulture);
        return new FileState(kind, mode, Number("uid"), Number("gid"), Content(path).Length, Math.Max(1, Number("links")), Inode: Number("inode")) { TypeBits = kind == FileKind.File ? 0x8000 : 0x4000 };
    }

    public Result<ReadOnlyMemory<byte>> ReadFile(string path, long most) => Stat(path, follow: true) is { Kind: FileKind.File }
        ? (ReadOnlyMemory<byte>)Content(path)
        : new Failure(Phase.Observe, path, "could not be read");

    public Result<string> Sha1(string path) => ReadFile(path, long.MaxValue).Then<string>(content => Hash(content.Span));

    public ImmutableArray<string> List(string path)
    {
        var folder = path.TrimEnd('/') + "/";
        return [.. Section("files").Keys.Select(key => key.ToString()).Where(key => key.StartsWith(folder, StringComparison.Ordinal))
            .Select(key => key[folder.Length..].Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];
    }

    public string RealPath(string path) => Find("files", path) is DictValue link && Text(link, "link") is { } target ? target.StartsWith('/') ? target : path[..(path.LastIndexOf('/') + 1)] + target : path;

    public string OnThisMachine(string path) => (Text(facts, "root") ?? "") + path;

    public bool AnyMatch(string pattern) => Section("files").Keys.Any(key => PackageSpec.Matches(key.ToString(), pattern));

    public int? UserId(string name) => Find("users", name) is IntValue number ? (int)number.Value : name == "root" ? 0 : null;

    public int? GroupId(string name) => UserId(name);

    public string UserName(int uid) => Section("users").Entries.FirstOrDefault(entry => entry.Value is IntValue number && number.Value == uid).Key?.ToString() ?? (uid == 0 ? "root" : $"{uid}");

    public string GroupName(int gid) => UserName(gid);

    public string? Home(string? user) => user is null or "root" ? "/root" : UserId(user) is null ? null : "/home/" + user;

    public string? Environment(string name) => Find("environment", name)?.ToString();

    public Result<string> Sum(string path, string algorithm) => Sha1(path).Then<string>(sum => Text(facts, "sums") == "plain" ? sum : $"{algorithm}:{sum}");

    public Task<WebAnswer> AskAsync(WebRequest request, int most, CancellationToken cancellation) => Task.FromResult(Find("web", request.Url) is { } content
        ? new WebAnswer(200, $"OK ({content.ToString().Length} bytes)", request.Url) { Body = Encoding.UTF8.GetBytes(content.ToString()) }
        : new WebAnswer(404, "HTTP Error 404: Not Found", request.Url));

    public Result<string> PlaybookPath(string name, string folder = "files") => Find("beside", name) is not null ? "/playbook/" + name : new Failure(Phase.Apply, name, $"Could not find or access '{name}'");

    public Result<PlaybookFile> PlaybookFile(string name, long most, string folder = "files") => Find("beside", name) is { } content
        ? new PlaybookFile("/playbook/" + name, new FileState(FileKind.File, 0x1ED, 0, 0), Encoding.UTF8.GetBytes(content.ToString()))
        : new Failure(Phase.Apply, name, $"Could not find or access '{name}'");

    public string? FindPlaybookPath(string name, string folder) => Find("beside", name) is null ? null : "/playbook/" + name;

    public Task<ReadOutput> RunAsync(string program, ImmutableArray<string> arguments, CancellationToken cancellation)
    {
        var line = string.Join(' ', [program, .. arguments]);
        var known = Section("outputs").Entries.Where(entry => line.StartsWith(entry.Key.ToString(), StringComparison.Ordinal)).OrderByDescending(entry => entry.Key.ToString().Length).ToList();
        if (known.Count == 0)
        {
            return Task.FromResult(new ReadOutput(1, "", $"{line}: not in this test"));
        }

        return Task.FromResult(known[0].Value is DictValue said
            ? new ReadOutput(int.Parse(Text(said, "rc") ?? "0", CultureInfo.InvariantCulture), Text(said, "out") ?? "", Text(said, "err") ?? "")
            : new ReadOutput(0, known[0].Value.ToString(), ""));
    }

    public Task<Result<ImageState?>> ImageAsync(string reference, CancellationToken cancellation) => Task.FromResult<Result<ImageState?>>(
        Find("images", reference) is { } id ? new ImageState(id.ToString(), [reference], []) : (ImageState?)null);

    public Task<Result<SupervisorState?>> SupervisorAsync(UpdateSupervisor wanted, CancellationToken cancellation) => Task.FromResult<Result<SupervisorState?>>(
        facts.TryGet("supervisor", out var value) && value is DictValue state
            ? new SupervisorState(Text(state, "image")!, Text(state, "image") == wanted.Image, Text(state, "running") == "True", Text(state, "health") ?? "healthy")
            : (SupervisorState?)null);

    internal static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA1.HashData(content));

    private byte[] Content(string path) => Find("files", path) switch
    {
        TextValue text => Encoding.UTF8.GetBytes(text.Value),
        DictValue state when Text(state, "link") is not null => Content(RealPath(path)),
        DictValue state => Encoding.UTF8.GetBytes(Text(state, "content") ?? ""),
        _ => [],
    };

    private bool IsFolderOfOthers(string path) => path == "/" || Section("files").Keys.Any(key => key.ToString().StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    private DictValue Section(string name) => facts.TryGet(name, out var section) && section is DictValue dict ? dict : DictValue.Empty;

    private Value? Find(string section, string key) => Section(section).TryGet(key, out var value) ? value : null;

    private static string? Text(DictValue dict, string key) => dict.TryGet(key, out var value) ? value.ToString() : null;
}

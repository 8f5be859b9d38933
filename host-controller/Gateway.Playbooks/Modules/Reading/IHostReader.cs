using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>
/// What modules may ask about the machine: reading only, nothing here changes anything. Paths are as the playbook names
/// them; the reader puts its root before. Failures to read what is there are results, never exceptions.
/// </summary>
public interface IHostReader
{
    /// <summary>The time now.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The file mode creation mask.</summary>
    public int Umask { get; }

    /// <summary>The same without a root before paths: for what belongs to the machine itself, as its packages do.</summary>
    public IHostReader Machine { get; }

    /// <summary>What stands at a path; null when nothing does. A link that is followed and points nowhere is nothing.</summary>
    public FileState? Stat(string path, bool follow);

    /// <summary>The content of a file of at most so many bytes.</summary>
    public Result<ReadOnlyMemory<byte>> ReadFile(string path, long most);

    /// <summary>The SHA-1 of a file's content, 40 lower-case hexadecimal digits: what Ansible calls its checksum.</summary>
    public Result<string> Sha1(string path);

    /// <summary>A sum of a file's content in lower-case hexadecimal digits: <c>crc32</c>, <c>md5</c>, <c>sha1</c>, <c>sha256</c>, <c>sha384</c>, <c>sha512</c>.</summary>
    public Result<string> Sum(string path, string algorithm);

    /// <summary>The names in a folder, sorted; none when it is none.</summary>
    public ImmutableArray<string> List(string path);

    /// <summary>The same in the order the file system has them.</summary>
    public ImmutableArray<string> ListAsFound(string path) => List(path);

    /// <summary>Why nobody can say what stands at a path (errno(3) and its text), as below a file; null when something or nothing does.</summary>
    public (int Number, string Text)? Hidden(string path, bool follow) => null;

    /// <summary>The path of something beside the playbook, whether it is there or not.</summary>
    public string PlaybookPlace(string name) => name;

    /// <summary>The path with every link in it followed.</summary>
    public string RealPath(string path);

    /// <summary>The path with the reader's root before it, for programs that are given it.</summary>
    public string OnThisMachine(string path);

    /// <summary>Whether any path matches a pattern with <c>*</c>, <c>?</c> and <c>[…]</c>.</summary>
    public bool AnyMatch(string pattern);

    /// <summary>The number of a user by name; null when there is none.</summary>
    public int? UserId(string name);

    /// <summary>The number of a group by name; null when there is none.</summary>
    public int? GroupId(string name);

    /// <summary>The name of a user; the number as text when it has none.</summary>
    public string UserName(int uid);

    /// <summary>The name of a group; the number as text when it has none.</summary>
    public string GroupName(int gid);

    /// <summary>The home folder of a user; null when there is no such user.</summary>
    public string? Home(string? user);

    /// <summary>A variable of this program's environment.</summary>
    public string? Environment(string name);

    /// <summary>A file of at most so many bytes that came with the playbook: of the task's role, beside the tasks, beside the playbook,
    /// each time first in a folder of the kind asked for (<c>files</c>, <c>templates</c>, <c>vars</c>).</summary>
    public Result<PlaybookFile> PlaybookFile(string name, long most, string folder = "files");

    /// <summary>Where such a file or folder is on this machine; null when there is none.</summary>
    public string? FindPlaybookPath(string name, string folder);

    /// <summary>What a shell command prints, for the <c>pipe</c> lookup; refused unless the gateway's configuration allows it.</summary>
    public Result<string> Pipe(string command) => new Failure(Phase.Policy, command, "the lookup 'pipe' is not in allowed_lookups of this gateway");

    /// <summary>What an address answers, for the <c>url</c> lookup; refused unless the gateway's configuration allows it.</summary>
    public Result<string> Url(string address) => new Failure(Phase.Policy, address, "the lookup 'url' is not in allowed_lookups of this gateway");

    /// <summary>The machine's kind as <c>uname -m</c> prints it.</summary>
    public string Architecture => "x86_64";

    /// <summary>The name of the time zone, such as <c>CET</c>.</summary>
    public string TimeZone => "UTC";

    /// <summary>The whole environment of this program.</summary>
    public DictValue AllEnvironment => DictValue.Empty;

    /// <summary>Addresses of the network interfaces.</summary>
    public ImmutableArray<InterfaceAddress> Addresses() => [];

    /// <summary>Room on the file system of a path; null when it cannot be told.</summary>
    public FileSystemSpace? Space(string path) => null;

    /// <summary>Runs a program of <c>facts.d</c> and waits for it, ten seconds at most.</summary>
    public ReadOutput RunFact(string path) => new(127, "", "programs for facts are not run here");

    /// <summary>What is wrong with a text as the host controller's configuration; null when nothing is.</summary>
    public string? ConfigurationProblem(string text) => null;

    /// <summary>Where a file or folder that came with the playbook is: a path for <see cref="Machine"/>.</summary>
    public Result<string> PlaybookPath(string name, string folder = "files");

    /// <summary>Runs a program that only reads, such as dpkg-query; exit status 127 when it is not there.</summary>
    public Task<ReadOutput> RunAsync(string program, ImmutableArray<string> arguments, CancellationToken cancellation);

    /// <summary>Asks a web server without changing anything there (GET, HEAD); at most so many bytes of its answer are kept.</summary>
    public Task<WebAnswer> AskAsync(WebRequest request, int most, CancellationToken cancellation);

    /// <summary>The image behind a reference; null when the engine has none.</summary>
    public Task<Result<ImageState?>> ImageAsync(string reference, CancellationToken cancellation);

    /// <summary>The supervisor's container, judged against what is asked for; null when there is none.</summary>
    public Task<Result<SupervisorState?>> SupervisorAsync(UpdateSupervisor wanted, CancellationToken cancellation);
}

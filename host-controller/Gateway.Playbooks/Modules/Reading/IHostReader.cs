using System.Collections.Immutable;
using Gateway.Core.Reports;

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

    /// <summary>The names in a folder, sorted; none when it is none.</summary>
    public ImmutableArray<string> List(string path);

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

    /// <summary>Runs a program that only reads, such as dpkg-query; exit status 127 when it is not there.</summary>
    public Task<ReadOutput> RunAsync(string program, ImmutableArray<string> arguments, CancellationToken cancellation);

    /// <summary>The image behind a reference; null when the engine has none.</summary>
    public Task<Result<ImageState?>> ImageAsync(string reference, CancellationToken cancellation);

    /// <summary>The supervisor's container, judged against what is asked for; null when there is none.</summary>
    public Task<Result<SupervisorState?>> SupervisorAsync(UpdateSupervisor wanted, CancellationToken cancellation);
}

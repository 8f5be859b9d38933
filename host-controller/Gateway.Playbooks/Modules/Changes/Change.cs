using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>
/// One thing to do to the machine. The family is closed: what is not here cannot be done by a task. One executor carries
/// changes out; check mode never hands it any. Paths are as the playbook names them; the executor puts its root before.
/// </summary>
public abstract record Change
{
    private protected Change()
    {
    }
}

/// <summary>Runs a program, never through a shell unless the program is one.</summary>
/// <param name="Program">A name looked up in PATH, or a path.</param>
/// <param name="Arguments">Its arguments, without the program.</param>
public sealed record RunProcess(string Program, ImmutableArray<string> Arguments) : Change
{
    /// <summary>Added to the environment.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Where it runs; null for the root folder.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What it reads from its standard input; empty for nothing.</summary>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>After this it is ended; null for the executor's bound.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>Runs a text as a program: a script of the playbook, which is on the machine only while it runs.</summary>
/// <param name="Content">The script, with its first line saying what runs it, unless <see cref="Interpreter"/> does.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record RunScript(ReadOnlyMemory<byte> Content, ImmutableArray<string> Arguments) : Change
{
    /// <summary>The program, with its arguments, that is given the script; empty to run the script itself.</summary>
    public ImmutableArray<string> Interpreter { get; init; } = [];

    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    public string? WorkingDirectory { get; init; }
}

/// <summary>Runs apt-get with the settings every run of it needs, waiting for other package managers to finish.</summary>
/// <param name="Arguments">Verb, options and packages.</param>
/// <param name="LockTimeout">How long to wait for apt's and dpkg's locks.</param>
/// <param name="Attempts">How often a failed run is repeated; downloads fail for reasons that pass.</param>
/// <param name="Delay">Between attempts, doubled each time, at most this.</param>
public sealed record RunApt(ImmutableArray<string> Arguments, TimeSpan LockTimeout, int Attempts = 1, TimeSpan Delay = default) : Change
{
    /// <summary>Options that apt-get hands on to dpkg, without their dashes.</summary>
    public ImmutableArray<string> DpkgOptions { get; init; } = UsualDpkgOptions;

    /// <summary>Configuration files that were changed by hand are kept, nothing is asked.</summary>
    public static ImmutableArray<string> UsualDpkgOptions { get; } = ["force-confdef", "force-confold"];
}

/// <summary>Writes a whole file, replacing it in one step.</summary>
/// <param name="Path">The file.</param>
/// <param name="Content">What it holds afterwards.</param>
public sealed record WriteFile(string Path, ReadOnlyMemory<byte> Content) : Change
{
    /// <summary>Its mode afterwards; null keeps that of the file it replaces, or 0644.</summary>
    public int? Mode { get; init; }

    /// <summary>Its owner afterwards; null keeps that of the file it replaces, or root.</summary>
    public int? Uid { get; init; }

    /// <summary>Its group afterwards; null keeps that of the file it replaces, or root.</summary>
    public int? Gid { get; init; }

    /// <summary>Whether the file it replaces is kept under a name with the time in it.</summary>
    public bool Backup { get; init; }

    /// <summary>A command that must accept the new file before it takes its place; <c>%s</c> stands for its path. Split already.</summary>
    public ImmutableArray<string> Validate { get; init; } = [];
}

/// <summary>Replaces a file by a copy of another file on this machine, in one step, whatever its size.</summary>
public sealed record CopyFile(string Source, string Path) : Change
{
    /// <summary>Whether the source is a path of this machine, whatever the root: a file beside the playbook.</summary>
    public bool IsSourceBeside { get; init; }

    /// <summary>Its mode afterwards; null keeps that of the file it replaces, or 0644.</summary>
    public int? Mode { get; init; }

    public int? Uid { get; init; }

    public int? Gid { get; init; }

    public bool Backup { get; init; }

    public ImmutableArray<string> Validate { get; init; } = [];
}

/// <summary>
/// Fetches a file into its place in one step: whole, with the sum asked for, or not at all. The outcome tells the answer,
/// the file's path, and whether content or attributes are others than before.
/// </summary>
/// <param name="Request">Where it comes from.</param>
/// <param name="Path">The file, or a folder: the file's name is the server's or the address's then.</param>
public sealed record Download(WebRequest Request, string Path) : Change
{
    /// <summary>Owner, group and mode afterwards; null keeps those of the file it replaces, or the usual.</summary>
    public WantedAttributes? Attributes { get; init; }

    public bool Backup { get; init; }

    /// <summary>Which sum <see cref="Sum"/> is.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The sum it must have; null for any.</summary>
    public string? Sum { get; init; }
}

/// <summary>Sends a request; an answer of any status is no error. The outcome tells the answer.</summary>
public sealed record SendRequest(WebRequest Request) : Change
{
    /// <summary>Where the content goes; null for the outcome alone.</summary>
    public string? Path { get; init; }

    /// <summary>Statuses whose content goes there.</summary>
    public ImmutableArray<int> Accepted { get; init; } = [];

    /// <summary>Owner, group and mode of that file.</summary>
    public WantedAttributes? Attributes { get; init; }
}

/// <summary>Waits until something holds, or only the time when nothing is named. The outcome tells when it began and ended, and what a pattern's groups matched.</summary>
/// <param name="Timeout">Longest wait; the wait itself when nothing is named.</param>
public sealed record WaitFor(TimeSpan Timeout) : Change
{
    public string Host { get; init; } = "127.0.0.1";

    public int? Port { get; init; }

    public string? Path { get; init; }

    /// <summary>Whether the port shall answer, or the path be there; else not.</summary>
    public bool IsThere { get; init; } = true;

    /// <summary>What must be found in the file, or in what the port sends.</summary>
    public string? Pattern { get; init; }

    public TimeSpan ConnectTimeout { get; init; }

    /// <summary>Before the first look.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Between looks.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What it is called in the result.</summary>
    public string State { get; init; } = "started";

    /// <summary>What is said when it takes too long; null for the usual.</summary>
    public string? Message { get; init; }
}

/// <summary>Creates an empty file.</summary>
public sealed record CreateFile(string Path) : Change;

/// <summary>Creates an empty file or folder with a name nobody has, for its owner only; the outcome's note is its path. No folder means the machine's for temporary files.</summary>
public sealed record CreateTemporary(string? Folder, string Prefix, string Suffix, bool IsDirectory) : Change;

/// <summary>Creates one folder; its parent is there or was created by an earlier change.</summary>
public sealed record CreateDirectory(string Path) : Change;

/// <summary>Makes a folder with a copy of what is in another one, for one owner: a home from its skeleton.</summary>
public sealed record CopyFolder(string Source, string Path, int Uid, int Gid) : Change;

/// <summary>Creates a symbolic link, replacing what is there in one step.</summary>
public sealed record CreateLink(string Path, string Target) : Change;

/// <summary>Creates a hard link, replacing what is there in one step.</summary>
public sealed record CreateHardLink(string Path, string Target) : Change;

/// <summary>Removes a file, a link, or a folder with all that is in it. Links are not followed.</summary>
public sealed record RemovePath(string Path) : Change;

/// <summary>Sets permission bits (07777).</summary>
public sealed record SetMode(string Path, int Mode) : Change;

/// <summary>Sets owner, group or both; null leaves one alone. A link itself is changed when not followed.</summary>
public sealed record SetOwner(string Path, int? Uid, int? Gid, bool Follow) : Change;

/// <summary>Sets owner, group and mode of paths that earlier changes made; links are not followed, and none is missed when it is not there.</summary>
public sealed record SetAttributes(ImmutableArray<string> Paths, WantedAttributes Wanted) : Change;

/// <summary>Sets times; null leaves one alone.</summary>
public sealed record SetTimes(string Path, DateTimeOffset? Accessed, DateTimeOffset? Modified) : Change;

/// <summary>One verb of systemctl.</summary>
/// <param name="Verb"><c>start</c>, <c>stop</c>, <c>restart</c>, <c>reload</c>, <c>enable</c>, <c>disable</c>, <c>mask</c>, <c>unmask</c>, <c>daemon-reload</c>, <c>daemon-reexec</c>.</param>
/// <param name="Unit">The unit; null for the verbs about systemd itself.</param>
public sealed record UnitAction(string Verb, string? Unit) : Change
{
    public bool NoBlock { get; init; }

    public bool Force { get; init; }
}

/// <summary>Pulls an image and checks what came.</summary>
/// <param name="Reference">With a tag, a digest, or both.</param>
public sealed record PullImage(string Reference) : Change;

/// <summary>Loads a docker archive from a file and checks that it holds the image.</summary>
/// <param name="Path">The archive.</param>
/// <param name="Reference">A name with tag, or an image id <c>sha256:…</c>, that must be there afterwards.</param>
public sealed record LoadImage(string Path, string Reference) : Change
{
    /// <summary>Whether the archive is a path of this machine, whatever the root: it came with the playbook.</summary>
    public bool IsBeside { get; init; }
}

/// <summary>Removes an image.</summary>
public sealed record RemoveImage(string Reference, bool Force) : Change;

/// <summary>Lets the host controller's own package be installed in a version as soon as the run has ended.</summary>
public sealed record UpgradeSelf(string Version) : Change;

/// <summary>Brings the container supervisor to an image, rolls back when it does not become healthy.</summary>
/// <param name="Image">By digest, unless local policy allows less.</param>
/// <param name="HealthTimeout">How long the new one may take to become healthy.</param>
public sealed record UpdateSupervisor(string Image, TimeSpan HealthTimeout) : Change
{
    public static TimeSpan UsualProbation { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How long it must stay healthy before it counts as good.</summary>
    public TimeSpan Probation { get; init; } = UsualProbation;
}

/// <summary>Boots the machine once the task has been counted; the run goes on after the boot.</summary>
/// <param name="Message">For those who are logged in, and for the log.</param>
/// <param name="Delay">Before it.</param>
/// <param name="Pause">After the boot, before the run goes on.</param>
/// <param name="Timeout">How long going down may take.</param>
public sealed record Reboot(string Message, TimeSpan Delay, TimeSpan Pause, TimeSpan Timeout) : Change;

/// <summary>Has the engine ask a registry whether it takes a log-in; nothing is kept.</summary>
public sealed record CheckLogin(string Registry, string Username, string Password) : Change
{
    /// <summary>Without the password.</summary>
    public override string ToString() => $"log in to {Registry} as {Username}";
}

/// <summary>Starts the container supervisor again, so that it reads its configuration; nothing where none runs.</summary>
public sealed record RestartSupervisor : Change;

using System.Collections.Immutable;
using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Gateway.HostController.Modules;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Policy;

/// <summary>
/// Holds playbooks to the gateway's own policy: before the first task by what they say plainly, and before each task by
/// what it is about to do. Links and <c>..</c> are followed first: what counts is where something really lies.
/// </summary>
internal sealed class PolicyGuard(LocalPolicy policy, HostPaths paths)
{
    private static readonly HashSet<string> Runners = new(["command", "shell", "script"], StringComparer.Ordinal);

    /// <summary>Everything the tasks plainly say that is not allowed, with its place and the rule.</summary>
    public ImmutableArray<Failure> Judge(IEnumerable<TaskItem> tasks)
    {
        var known = tasks.ToList();
        return
        [
            .. ModulePolicy.Judge(known, policy.Modules),
            .. known.SelectMany(TaskClaims.Of)
                .Select(claim => (claim.At, Why: claim.IsProgram ? Program(claim.Subject, null) : Written(claim.Subject, follows: false)))
                .Where(judged => judged.Why is not null)
                .Select(judged => Failure.At(Phase.Policy, judged.At, judged.Why!)),
        ];
    }

    /// <summary>Why a task may not do what it is about to do; null when it may.</summary>
    /// <param name="module">The task's module.</param>
    /// <param name="options">Its options, rendered.</param>
    /// <param name="context">What else it knows.</param>
    /// <param name="reader">The machine.</param>
    /// <param name="changes">What it is about to do.</param>
    public string? Refusal(TaskModule module, OptionValues options, ModuleContext context, IHostReader reader, IReadOnlyList<Change> changes)
    {
        if (policy is { Paths: null, Commands: null })
        {
            return null;
        }

        return TaskClaims.Paths(module, options, context, reader).Select(path => Written(path, follows: false))
            .Concat(changes.SelectMany(change => ChangedPaths.Of(change).Select(changed => Written(changed.Path, changed.Follows))))
            .Concat(changes.Select(change => Run(module, change)))
            .Append(policy.Commands is not null && TaskClaims.RunsHiddenly(module, options) is { } option ? $"'{option}' could run any program, which allowed_commands of this gateway does not let it" : null)
            .FirstOrDefault(why => why is not null);
    }

    private string? Written(string path, bool follows)
    {
        if (policy.Paths is not { } allowed)
        {
            return null;
        }

        var real = Real(Path.GetFullPath(path));
        var refused = Outside(real) ?? (follows && NativeCalls.RealPath(paths.On(Path.GetFullPath(path))) is { } target ? Outside(paths.Inside(target)) : null);
        return refused is null ? null : $"{path}{(refused == path ? "" : $" (which is {refused})")} is not in allowed_paths of this gateway";

        string? Outside(string candidate) => allowed.Any(entry => PathRule.Covers(entry, candidate)) ? null : candidate;
    }

    private string? Run(TaskModule module, Change change) => change switch
    {
        WriteFile { Validate: { IsEmpty: false } check } => Program(check[0], null),
        CopyFile { Validate: { IsEmpty: false } check } => Program(check[0], null),
        RunProcess run when Runners.Contains(module.Name) => Program(run.Program, run.WorkingDirectory) ?? Environment(run.Environment),
        RunScript script => Program(script.Interpreter.IsEmpty ? FirstLine(script.Content.Span) : script.Interpreter[0], null) ?? Environment(script.Environment),
        _ => null,
    };

    private string? Program(string program, string? folder)
    {
        if (policy.Commands is not { } allowed)
        {
            return null;
        }

        var given = program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(program, folder ?? "/") : program;
        var real = RealProgram(given);
        return allowed.Any(entry => Allows(entry, given, real)) ? null : $"program '{program}' is not in allowed_commands of this gateway";
    }

    /// <summary>A name allows the program that has it where Debian keeps programs, by whatever path it is called.</summary>
    private static bool Allows(string entry, string given, string? real) => entry.Contains('/', StringComparison.Ordinal)
        ? PathRule.Covers(entry, real ?? given, below: false) || (RealProgram(entry) is { } allowed && allowed == real)
        : real is null ? entry == given : RealProgram(entry) == real;

    private static string? RealProgram(string program) => ProgramPath.Find(program, ProgramPath.Default) is { } found ? NativeCalls.RealPath(found) : null;

    /// <summary>With these the program that was allowed would run something else as well.</summary>
    private string? Environment(ImmutableArray<KeyValuePair<string, string>> environment) =>
        policy.Commands is null ? null
        : environment.Where(pair => pair.Key.StartsWith("LD_", StringComparison.Ordinal) || pair.Key is "PATH" or "IFS" or "ENV" or "BASH_ENV").Select(pair => pair.Key).FirstOrDefault() is { } name
            ? $"environment variable {name} may change which program runs, which allowed_commands of this gateway does not let it"
            : null;

    private static string FirstLine(ReadOnlySpan<byte> script)
    {
        var line = System.Text.Encoding.UTF8.GetString(script[..Math.Min(script.Length, 256)]).Split('\n')[0];
        return line.StartsWith("#!", StringComparison.Ordinal) ? line[2..].Trim().Split(' ')[0] : "a script without a first line that names its program";
    }

    /// <summary>The path with the links of its folders followed; the last name as it is: a file that is written replaces a link.</summary>
    private string Real(string path)
    {
        var plain = Path.TrimEndingDirectorySeparator(path);
        var folder = Path.GetDirectoryName(plain);
        var rest = Path.GetFileName(plain);
        while (folder is { Length: > 1 })
        {
            if (NativeCalls.RealPath(paths.On(folder)) is { } real)
            {
                return Path.Combine(paths.Inside(real), rest);
            }

            (rest, folder) = (Path.Combine(Path.GetFileName(folder), rest), Path.GetDirectoryName(folder));
        }

        return plain;
    }
}

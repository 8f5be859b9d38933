using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.HostController.Modules;
using Gateway.HostController.Run;
using Gateway.HostController.SelfUpdate;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Changes;

/// <summary>The only one that changes the machine for a task. What goes wrong is an outcome.</summary>
internal sealed class ChangeExecutor(HostAccess host, TimeProvider clock, Action<string> progress)
{
    private const int NoSuchFile = 2;
    private const int PermissionDenied = 13;
    private static readonly TimeSpan LongestCommand = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestUnitAction = TimeSpan.FromMinutes(15);

    private readonly HostPaths paths = new(host.Root);

    private EngineChanges Images => new(host, progress);

    /// <summary>Makes one change.</summary>
    public async Task<ChangeOutcome> ExecuteAsync(Change change, CancellationToken cancellation)
    {
        try
        {
            return change switch
            {
                RunProcess run => await RunAsync(run, cancellation),
                RunScript script => await ScriptAsync(script, cancellation),
                RunApt apt => await new AptRunner(clock, progress).RunAsync(apt, cancellation),
                WriteFile write => await new FileWriter(paths, clock).WriteAsync(write, cancellation),
                CopyFile copy => await new FileWriter(paths, clock).CopyAsync(copy, cancellation),
                Download download => await new WebChanges(paths, clock).DownloadAsync(download, cancellation),
                SendRequest send => await new WebChanges(paths, clock).SendAsync(send, cancellation),
                WaitFor wait => await new Waiter(paths, clock).WaitAsync(wait, cancellation),
                UnitAction unit => await UnitAsync(unit, cancellation),
                PullImage pull => await Images.PullAsync(pull, cancellation),
                LoadImage load => await Images.LoadAsync(load, cancellation),
                RemoveImage remove => await Images.RemoveAsync(remove, cancellation),
                CheckLogin login => await Images.LogInAsync(login, cancellation),
                RestartSupervisor => await Images.RestartSupervisorAsync(cancellation),
                UpgradeSelf upgrade => await UpgradeAsync(upgrade, cancellation),
                UpdateSupervisor update => await UpdateAsync(update, cancellation),
                _ => new PathChanges(paths).Make(change),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ChangeOutcome(SystemErrors.Numbered(e));
        }
    }

    private async Task<ChangeOutcome> RunAsync(RunProcess run, CancellationToken cancellation)
    {
        var environment = run.Environment.DistinctBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
        var folder = run.WorkingDirectory is { } directory ? OnThisMachine(directory) : Directory.GetCurrentDirectory();
        var program = run.Program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(run.Program, folder) : run.Program;
        var path = environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH");
        var started = clock.GetLocalNow();
        if (ProgramPath.Find(program, path) is not { } found || !File.Exists(found))
        {
            // As Python says it: a folder may not be run, and neither may a file without the permission.
            return new ChangeOutcome($"{run.Program}: no such program") { NotFound = true, Errno = Directory.Exists(program) ? PermissionDenied : NoSuchFile };
        }

        if (!NativeCalls.MayRun(found))
        {
            return new ChangeOutcome($"{run.Program}: may not be run") { NotFound = true, Errno = PermissionDenied };
        }

        var request = new ProcessRequest(found, run.Arguments)
        {
            Environment = environment,
            WorkingDirectory = folder,
            StandardInput = run.StandardInput,
            Timeout = run.Timeout ?? LongestCommand,
        };
        return Outcome(await ProcessRunner.RunAsync(request, cancellation), request.Timeout) with { Started = started, Ended = clock.GetLocalNow() };
    }

    private async Task<ChangeOutcome> ScriptAsync(RunScript script, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("host-controller-");
        try
        {
            var path = Path.Combine(folder.FullName, "script");
            var written = AtomicFile.Write(path, script.Content.Span, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            if (!written.IsSuccess)
            {
                return new ChangeOutcome(written.Failure.Message);
            }

            System.Collections.Immutable.ImmutableArray<string> words = [.. script.Interpreter, path, .. script.Arguments];
            return await RunAsync(new RunProcess(words[0], words[1..]) { Environment = script.Environment, WorkingDirectory = script.WorkingDirectory }, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ChangeOutcome Outcome(ProcessOutcome outcome, TimeSpan bound) =>
        new(outcome.TimedOut ? $"was ended after {bound.TotalSeconds:0} s" : outcome.ExitCode == 0 ? null : "non-zero return code")
        {
            ExitCode = outcome.ExitCode,
            StandardOutput = outcome.StandardOutput,
            StandardError = outcome.StandardError,
        };

    private static async Task<ChangeOutcome> UnitAsync(UnitAction action, CancellationToken cancellation)
    {
        var request = new ProcessRequest("systemctl", Systemctl(action)) { Timeout = LongestUnitAction };
        return Outcome(await ProcessRunner.RunAsync(request, cancellation), request.Timeout);
    }

    /// <summary>The arguments of systemctl for an action.</summary>
    internal static System.Collections.Immutable.ImmutableArray<string> Systemctl(UnitAction action)
    {
        var arguments = new List<string>();
        if (action.NoBlock)
        {
            arguments.Add("--no-block");
        }

        if (action.Force)
        {
            arguments.Add("--force");
        }

        arguments.Add(action.Verb);
        if (action.Unit is { } unit)
        {
            arguments.Add(unit);
        }

        return [.. arguments];
    }

    private static async Task<ChangeOutcome> UpgradeAsync(UpgradeSelf upgrade, CancellationToken cancellation)
    {
        var begun = await Guardian.UpgradeAsync(upgrade.Version, cancellation);
        return begun.TryGet(out var note, out var wrong) ? new ChangeOutcome { Note = note } : Failed(wrong);
    }

    private async Task<ChangeOutcome> UpdateAsync(UpdateSupervisor update, CancellationToken cancellation)
    {
        if (host.UpdateSupervisor is not { } run)
        {
            return new ChangeOutcome("there is no supervisor to be managed here");
        }

        var updated = await run(update, progress, cancellation);
        return updated.TryGet(out var note, out var wrong) ? new ChangeOutcome { Note = note } : Failed(wrong);
    }

    private static ChangeOutcome Failed(System.Collections.Immutable.ImmutableArray<Failure> wrong) => new(string.Join("; ", wrong.Select(failure => failure.ToString())));

    private string OnThisMachine(string path) => path.StartsWith('/') ? paths.On(path) : Path.GetFullPath(path);
}

using System.CommandLine;
using Gateway.Core.Reports;
using Gateway.HostController.Failsafe;
using Gateway.HostController.SelfUpdate;
using Gateway.HostController.Supervisor;
using Serilog.Events;

namespace Gateway.HostController.Commands;

/// <summary><c>rollback</c>: back to the version before, by hand. What is left is remembered as failed, else the next cycle would bring it again.</summary>
internal static class RollbackCommand
{
    private const string Reason = "was taken back by hand";
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static Command Create(GlobalOptions global)
    {
        var what = new Argument<string>("WHAT") { Description = "supervisor or host-controller." };
        what.AcceptOnlyFromAmong("supervisor", "host-controller");
        var command = new Command("rollback", "Go back to the version before. The one that is left is not installed again until another one is published.") { what };
        command.SetAction((line, cancellation) => line.GetValue(what) == "supervisor" ? SupervisorAsync(global, line, cancellation) : HostControllerAsync(cancellation));
        return command;
    }

    private static async Task<int> SupervisorAsync(GlobalOptions global, ParseResult line, CancellationToken cancellation)
    {
        var paths = global.Paths(line);
        if (!global.Configuration(line).LoadToLook().TryGet(out var configuration, out var failures) || !SingleInstance.Take(paths.Lock, "rollback").TryGet(out var instance, out failures))
        {
            return Complaints.Print(failures);
        }

        using (instance)
        {
            using var log = global.Log(line, LogEventLevel.Warning);
            var done = await new SupervisorUpdater(paths, configuration, TimeProvider.System, log).GoBackAsync(Reason, Console.Out.WriteLine, cancellation);
            return done.IsSuccess ? (int)ExitStatus.Done : Complaints.Print(done.Failures);
        }
    }

    private static async Task<int> HostControllerAsync(CancellationToken cancellation)
    {
        // In a unit of its own: this program is about to be replaced.
        var done = await Tool.RunAsync("systemd-run", ["--quiet", "--wait", "--collect", "--unit=gateway-rollback", Guardian.Program, "back"], Longest, cancellation);
        if (!done.IsSuccess)
        {
            return Complaints.Print([new Failure(Phase.Apply, "rollback", $"did not work: {done.Failure.Message}; journalctl -u gateway-rollback tells why")]);
        }

        await Console.Out.WriteLineAsync($"host-controller: {GuardianRecord.Load(HostPaths.Machine).Last}");
        return (int)ExitStatus.Done;
    }
}

using Gateway.ContainerSupervisor.Logging;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Carries out commands that were accepted.</summary>
internal sealed class CommandDesk(GroupCommands groups, ServiceRestart restart, LogRelay logs, RebootRequest reboot)
{
    /// <summary>Sends the status now.</summary>
    public required Action SendStatus { get; init; }

    /// <summary>Whether it is done at once: such commands are carried out in the order in which they came.</summary>
    public static bool IsQuick(Command command) => command is StatusCommand or JoinCommand or LeaveCommand or SaveCommand;

    /// <summary>Carries it out; what to tell the operator.</summary>
    public async Task<Result<string>> CarryOutAsync(Command command, CancellationToken cancellation)
    {
        var done = command switch
        {
            StatusCommand => "the status is on its way",
            JoinCommand join => await groups.JoinAsync(join.Group, cancellation),
            LeaveCommand leave => groups.Leave(leave.Group),
            SaveCommand => groups.Save(),
            RestartCommand one => await restart.RunAsync(one, cancellation),
            LogsCommand follow => await logs.StartAsync(follow, cancellation),
            RebootCommand => await reboot.AskAsync(command.Id!, cancellation),
            _ => (Result<string>)new Failure(Phase.Apply, command.Word, "is not supported in this version"),
        };
        if (command is StatusCommand or JoinCommand or LeaveCommand)
        {
            SendStatus();
        }

        return done;
    }
}

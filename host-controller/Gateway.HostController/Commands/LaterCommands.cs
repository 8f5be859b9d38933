using System.CommandLine;

namespace Gateway.HostController.Commands;

/// <summary>Commands that other programs may know of already and that this version does not have.</summary>
internal static class LaterCommands
{
    public static Command Rollback()
    {
        var what = new Argument<string>("WHAT") { Description = "supervisor or host-controller." };
        what.AcceptOnlyFromAmong("supervisor", "host-controller");
        var command = new Command("rollback", "Go back to the version before. Not in this version.") { what };
        command.SetAction(_ => NotHere("rollback", "apply a playbook that names the version before"));
        return command;
    }

    private static int NotHere(string command, string instead)
    {
        Console.Error.WriteLine($"host-controller: {command} is not in version {ProgramVersion.Text}; {instead}");
        return (int)ExitStatus.Other;
    }
}

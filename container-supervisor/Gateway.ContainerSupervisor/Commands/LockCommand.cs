using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.LocalApi;

namespace Gateway.ContainerSupervisor.Commands;

/// <summary><c>lock</c> and <c>unlock</c>: hold changes up from the machine itself.</summary>
internal static class LockCommand
{
    public static Command CreateLock(GlobalOptions global)
    {
        var owner = new Argument<string>("OWNER") { Description = "Whose lock it is: each owner has one." };
        var time = new Option<string>("--for") { Description = "When it ends by itself: seconds, or like 30m, 2h.", HelpName = "TIME", Required = true };
        var reason = new Option<string?>("--reason") { Description = "Shown in the status.", HelpName = "TEXT" };
        var command = new Command("lock", "Let no change begin for a while; restarts and clean-up go on, and what is urgent passes.") { owner, time, reason };
        command.SetAction((line, cancellation) => AskAsync(
            global,
            line,
            HttpMethod.Put,
            "/v1/lock",
            new JsonObject { ["owner"] = line.GetRequiredValue(owner), ["expires_in"] = line.GetRequiredValue(time), ["reason"] = line.GetValue(reason) },
            answer => $"{answer["owner"]}: locked until {answer["until"]}",
            cancellation));
        return command;
    }

    public static Command CreateUnlock(GlobalOptions global)
    {
        var owner = new Argument<string>("OWNER") { Description = "Whose lock: as it stands in the status; a container's is APPLICATION/SERVICE." };
        var command = new Command("unlock", "Release a lock.") { owner };
        command.SetAction((line, cancellation) => AskAsync(
            global,
            line,
            HttpMethod.Delete,
            $"/v1/lock?owner={Uri.EscapeDataString(line.GetRequiredValue(owner))}",
            null,
            answer => $"{answer["released"]}: released",
            cancellation));
        return command;
    }

    private static async Task<int> AskAsync(
        GlobalOptions global, ParseResult line, HttpMethod method, string path, JsonObject? body, Func<JsonObject, string> tell, CancellationToken cancellation)
    {
        if (!global.Configuration(line).TryGet(out var configuration, out var wrong)
            || !(await ApiClient.AskAsync(configuration.RunDirectory, method, path, body, cancellation)).TryGet(out var answer, out wrong))
        {
            return await GlobalOptions.ComplainAsync(wrong);
        }

        await Console.Out.WriteLineAsync(tell(answer));
        return (int)ExitStatus.Done;
    }
}

using System.CommandLine;
using Gateway.ContainerSupervisor.Logging;
using Gateway.ContainerSupervisor.Receive;
using Gateway.ContainerSupervisor.Running;

namespace Gateway.ContainerSupervisor.Commands;

/// <summary><c>apply</c>: one reconciliation of a document, and out.</summary>
internal static class ApplyCommand
{
    public static Command Create(GlobalOptions global)
    {
        var file = new Argument<string>("FILE") { Description = "The desired state." };
        var check = new Option<bool>("--check") { Description = "Tell what would be done, and do nothing." };
        var diff = new Option<bool>("--diff") { Description = "Show what is created in full." };
        var signature = new Option<string?>("--signature") { Description = "The signature, instead of FILE.asc.", HelpName = "FILE" };
        var unsigned = new Option<bool>("--unsigned") { Description = "Take it without signature and release block; it is forgotten when the supervisor runs again." };
        var command = new Command("apply", "Bring this gateway's containers to what a desired state says, once.") { file, check, diff, signature, unsigned };
        command.Validators.Add(result =>
        {
            if (result.GetValue(unsigned) && result.GetValue(signature) is not null)
            {
                result.AddError("--signature and --unsigned exclude each other");
            }
        });
        command.SetAction(async (line, cancellation) =>
        {
            if (!global.Configuration(line).TryGet(out var configuration, out var wrong))
            {
                return await GlobalOptions.ComplainAsync(wrong);
            }

            await using var log = Logs.Create(global.IsVerbose(line), toError: true);
            if (!LocalFile.Read(line.GetRequiredValue(file), line.GetValue(signature)).TryGet(out var envelope, out wrong))
            {
                return await GlobalOptions.ComplainAsync(wrong);
            }

            var once = new ApplyOnce(configuration, log, Console.Out) { Check = line.GetValue(check), Diff = line.GetValue(diff), Unsigned = line.GetValue(unsigned) };
            var applied = await once.RunAsync(line.GetRequiredValue(file), envelope, cancellation);
            return applied.IsSuccess ? (int)applied.Value : await GlobalOptions.ComplainAsync(applied.Failures);
        });
        return command;
    }
}

using System.Collections.Immutable;
using System.CommandLine;
using Gateway.HostController.Configuration;
using Gateway.HostController.Cycle;
using Gateway.HostController.Fetch;
using Gateway.HostController.Reboots;
using Gateway.HostController.Run;
using Gateway.HostController.Run.Output;
using Serilog.Events;

namespace Gateway.HostController.Commands;

/// <summary><c>apply FILE</c>.</summary>
internal static class ApplyCommand
{
    public static Command Create(GlobalOptions global)
    {
        var arguments = new ApplyArguments();
        var command = arguments.Command();
        command.SetAction((line, cancellation) => PrepareAsync(global, arguments, line, cancellation));
        return command;
    }

    /// <summary>Gives an <c>apply</c> again whose run stopped for a reboot.</summary>
    public static Task<int> AgainAsync(GlobalOptions global, ImmutableArray<string> words, CancellationToken cancellation)
    {
        var root = new RootCommand { Create(global) };
        foreach (var option in global.All)
        {
            root.Add(option);
        }

        return root.Parse(words).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellation);
    }

    private static async Task<int> PrepareAsync(GlobalOptions global, ApplyArguments arguments, ParseResult line, CancellationToken cancellation)
    {
        if (!global.Configuration(line).Load().TryGet(out var configuration, out var failures)
            || !arguments.Options(line, global.IsVerbose(line)).TryGet(out var options, out failures))
        {
            return Complaints.Print(failures);
        }

        SingleInstance? instance = null;
        if (!options.Check && !SingleInstance.Take(global.Paths(line).Lock, "apply").TryGet(out instance, out failures))
        {
            return Complaints.Print(failures);
        }

        using (instance)
        {
            return await ApplyAsync(global, arguments, line, configuration, options, cancellation);
        }
    }

    private static async Task<int> ApplyAsync(
        GlobalOptions global, ApplyArguments arguments, ParseResult line, HostConfiguration configuration, RunOptions options, CancellationToken cancellation)
    {
        using var log = global.Log(line, LogEventLevel.Warning);
        var paths = global.Paths(line);
        var file = arguments.File(line);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var isSigned = arguments.Signature(line) is not null;
        if (isSigned && !options.Check)
        {
            StatePaths.Make(paths, configuration);
        }

        using var workspace = isSigned && !options.Check ? null : new TemporaryFolder();
        var bundles = new BundleStore(workspace?.Path ?? StatePaths.Bundles(paths, configuration));
        var state = new ApplyState(paths, configuration, bundles, TimeProvider.System, log);
        if (!(await LocalDocument.ReadPairAsync(file, arguments.Signature(line), bundles, cancellation)).TryGet(out var pair, out var failures)
            || !(isSigned ? await state.AdmitAsync(pair, accept: !options.Check, cancellation) : state.Waive(pair, folder, options.ExtraVars)).TryGet(out var admitted, out failures))
        {
            return Complaints.Print(failures);
        }

        var host = HostAccessFactory.Create(paths, configuration, log);
        var access = isSigned ? host : host with { PlaybookFolder = folder };
        var screen = arguments.Output(line) == OutputForm.Json
            ? RunOutput.Json(Console.Out)
            : RunOutput.Text(Console.Out, options.Diff, options.Verbosity);
        var application = new PlaybookApplication(new PlaybookRunner(access, TimeProvider.System), options, screen, log)
        {
            Desired = new DesiredStateHandover(paths),
            Reboots = new RebootDesk(paths, new RebootStore(StatePaths.Reboot(paths, configuration)), TimeProvider.System, log),
            Arguments = [.. arguments.Again(line), .. global.Again(line)],
        };
        var status = await state.RunAsync(application, options, admitted, cancellation);
        await Console.Out.FlushAsync(CancellationToken.None);
        return (int)status;
    }
}

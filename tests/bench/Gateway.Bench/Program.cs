using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Gateway.Bench;
using Gateway.Bench.Functions;
using Gateway.Bench.Programs;

// The part that runs inside the sandbox's network.
if (args is ["supervisor", var inside, var folder])
{
    using var bench = new SupervisorBench(inside, folder);
    bench.Run(new Report(Path.Combine(Paths.Repository, "out/bench")));
    return;
}

// Whole programs first, then functions; a name alone runs only that part.
bool Asked(string part) => args.Length == 0 || args.Contains(part);
var work = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
try
{
    var report = new Report(Path.Combine(Paths.Repository, "out/bench"));
    if (Asked("containers"))
    {
        report.Figures("supervisor-image", "The supervisor's image", [.. ImageSizes.Of(work)]);
        using var sandbox = Sandbox.Start();
        sandbox.Again("supervisor", sandbox.Folder, work);
        ApplicationBench.Run(report, work, sandbox);
        FootprintBench.Run(report, work, sandbox);
    }

    if (Asked("playbooks"))
    {
        PlaybookBench.Run(report, work, 60);
        PlaybookBench.Run(report, work, 600);
        PackagesBench.Run(report, work);
    }
}
finally
{
    Directory.Delete(work, recursive: true);
}

if (!Asked("functions"))
{
    return;
}

var configuration = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddExporter(JsonExporter.Brief)
    .AddLogger(ConsoleLogger.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .WithArtifactsPath(Path.Combine(Paths.Repository, "out/bench/functions"));
BenchmarkRunner.Run<CoreBenchmarks>(configuration);

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

// Whole programs first, then functions; `functions` alone runs only the latter, `containers` only the supervisor's.
if (!args.Contains("functions"))
{
    var work = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
    var report = new Report(Path.Combine(Paths.Repository, "out/bench"));
    using var sandbox = Sandbox.Start();
    try
    {
        sandbox.Again("supervisor", sandbox.Folder, work);
        if (args.Contains("containers"))
        {
            return;
        }

        PlaybookBench.Run(report, work, 60);
        ApplicationBench.Run(report, work, sandbox);
        FootprintBench.Run(report, work, sandbox);
    }
    finally
    {
        Directory.Delete(work, recursive: true);
    }
}

var configuration = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddExporter(JsonExporter.Brief)
    .AddLogger(ConsoleLogger.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .WithArtifactsPath(Path.Combine(Paths.Repository, "out/bench/functions"));
BenchmarkRunner.Run<CoreBenchmarks>(configuration);

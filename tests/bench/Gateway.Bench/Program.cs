using Gateway.Bench;
using Gateway.Bench.Programs;

var work = Directory.CreateTempSubdirectory("gateway-bench-").FullName;
var report = new Report(Path.Combine(Paths.Repository, "out/bench"));
try
{
    PlaybookBench.Run(report, work, 60);
}
finally
{
    Directory.Delete(work, recursive: true);
}

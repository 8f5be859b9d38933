using System.Globalization;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.HostController.Reports;

/// <summary>Keeps the last run reports: at most 50 of them and at most 4 MiB.</summary>
/// <param name="folder">Where, on this machine.</param>
internal sealed class ReportStore(string folder)
{
    public const int MostReports = 50;
    private const long MostBytes = 4 * 1024 * 1024;
    private const int LargestReport = 1024 * 1024;

    /// <summary>A name for a run that starts now.</summary>
    public static string IdAt(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}-{Environment.ProcessId}");

    /// <summary>Keeps a report and drops the oldest.</summary>
    public Result<Nothing> Save(RunReport report)
    {
        try
        {
            Directory.CreateDirectory(folder, AtomicFile.OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
            var written = AtomicFile.Write(PathOf(report.Id), JsonSerializer.SerializeToUtf8Bytes(report, ReportsJson.Default.RunReport), AtomicFile.OwnerOnly);
            Prune();
            return written;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Configuration, folder, $"the run report cannot be kept: {SystemErrors.Text(wrong)}");
        }
    }

    /// <summary>The report of the last run, or null.</summary>
    public RunReport? Latest()
    {
        foreach (var file in Newest())
        {
            if (AtomicFile.ReadIfThere(file.FullName, LargestReport) is { IsSuccess: true, Value: { } content } && Parse(content) is { } report)
            {
                return report;
            }
        }

        return null;
    }

    private static RunReport? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, ReportsJson.Default.RunReport);
        }
        catch (JsonException)
        {
            // A damaged report is as good as none; the one before it is shown.
            return null;
        }
    }

    private void Prune()
    {
        var bytes = 0L;
        var count = 0;
        foreach (var file in Newest())
        {
            bytes += file.Length;
            if (++count > MostReports || (bytes > MostBytes && count > 1))
            {
                file.Delete();
            }
        }
    }

    private IEnumerable<FileInfo> Newest() =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*.json").OrderByDescending(file => file.Name, StringComparer.Ordinal).ToList()
            : [];

    private string PathOf(string id) => Path.Combine(folder, id + ".json");
}

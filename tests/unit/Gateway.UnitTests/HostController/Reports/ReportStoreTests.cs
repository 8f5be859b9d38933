using Gateway.HostController.Reports;

namespace Gateway.UnitTests.HostController.Reports;

public sealed class ReportStoreTests
{
    private static RunReport Report(int number) =>
        new(1, $"2026-{number:0000}", "run", "1", "gw", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0, 0, []);

    [Fact]
    public void The_last_fifty_reports_are_kept_and_a_damaged_one_hides_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("reports-").FullName;
        var store = new ReportStore(folder);
        Assert.Null(store.Latest());
        for (var i = 0; i < 60; i++)
        {
            Assert.True(store.Save(Report(i)).IsSuccess);
        }

        Assert.Equal(50, Directory.GetFiles(folder).Length);
        Assert.Equal("2026-0059", store.Latest()!.Id);
        File.WriteAllText(Path.Combine(folder, "2026-0059.json"), "{ torn");
        Assert.Equal("2026-0058", store.Latest()!.Id);
        Directory.Delete(folder, true);
    }
}

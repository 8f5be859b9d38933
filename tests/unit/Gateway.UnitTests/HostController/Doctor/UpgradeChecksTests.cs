using Gateway.HostController;
using Gateway.HostController.Doctor;
using Gateway.HostController.SelfUpdate;

namespace Gateway.UnitTests.HostController.Doctor;

/// <summary>What doctor makes of the guardian's record, as the guardian writes it.</summary>
public sealed class UpgradeChecksTests : IDisposable
{
    private const string Folder = "var/lib/gateway/host-controller/self-update";
    private readonly string root = Directory.CreateTempSubdirectory("upgrades-").FullName;

    public void Dispose() => Directory.Delete(root, true);

    private string[] Found(string record, string failed = "")
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, Folder)).FullName;
        File.WriteAllText(Path.Combine(folder, "record"), record);
        File.WriteAllText(Path.Combine(folder, "failed"), failed);
        return [.. UpgradeChecks.Of(GuardianRecord.Load(new HostPaths(root))).Select(finding => $"{finding.Verdict}: {finding.Text}")];
    }

    [Fact]
    public void Without_a_record_there_was_none() =>
        Assert.Equal([new Finding("upgrades", Verdict.Ok, "there was none yet")], UpgradeChecks.Of(GuardianRecord.Load(new HostPaths(root))));

    [Fact]
    public void A_version_that_stayed_is_well() =>
        Assert.Equal(["Ok: 2026-01-02T03:04:05Z committed 2.0"], Found("schema=1\nphase=idle\ncandidate=2.0\nprevious=1.0\nlast=2026-01-02T03:04:05Z committed 2.0\n"));

    [Fact]
    public void An_upgrade_that_is_judged_is_told() =>
        Assert.Equal(["Warning: 2.0 is being judged (probation); before: 1.0"], Found("schema=1\nphase=probation\ncandidate=2.0\nprevious=1.0\nlast=\n"));

    [Fact]
    public void Versions_that_failed_are_told_with_their_reasons()
    {
        var found = Found(
            "schema=1\nphase=idle\ncandidate=3.0\nprevious=1.0\nlast=2026-01-02T03:04:05Z rolled back to 1.0 after 9 s: 3.0 fails doctor: x\n",
            "2.0\t2026-01-01T03:04:05Z\tdid not become ready within 180 s\n3.0\t2026-01-02T03:04:05Z\tfails doctor: x\n");
        string[] expected =
        [
            "Ok: 2026-01-02T03:04:05Z rolled back to 1.0 after 9 s: 3.0 fails doctor: x",
            "Warning: 2.0 failed 2026-01-01 03:04:05Z and is not tried again: did not become ready within 180 s",
            "Warning: 3.0 failed 2026-01-02 03:04:05Z and is not tried again: fails doctor: x",
        ];
        Assert.Equal(expected, found);
    }

    [Fact]
    public void A_version_that_apt_did_not_take_is_told() =>
        Assert.StartsWith("Warning: 2026-01-02T03:04:05Z 2.0 could not be installed: E:", Assert.Single(
            Found("schema=1\nphase=idle\ncandidate=\nprevious=\nlast=2026-01-02T03:04:05Z 2.0 could not be installed: E: Version '2.0' was not found\n")), StringComparison.Ordinal);
}

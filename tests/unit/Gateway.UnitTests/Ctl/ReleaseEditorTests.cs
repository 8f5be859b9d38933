using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Ctl.Documents;

namespace Gateway.UnitTests.Ctl;

public class ReleaseEditorTests
{
    private static readonly DateTimeOffset May = new(2027, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(
        "# ä\nrelease: {serial: 7, expires: 2027-01-31T00:00:00Z, targets: [\"group:beta\"]} # keep\napplications: {}\n",
        "# ä\nrelease: {serial: 8, expires: 2027-05-01T00:00:00Z, targets: [\"all\"]} # keep\napplications: {}\n")]
    [InlineData(
        "release:\n  serial: 99 # n\n  expires: '2027-01-31T00:00:00Z'\n  targets: all\napplications: {}\n",
        "release:\n  serial: 100 # n\n  expires: 2027-05-01T00:00:00Z\n  targets: [\"all\"]\napplications: {}\n")]
    [InlineData(
        "- name: p\n  hosts: all\n  vars:\n    release: {serial: 1, expires: \"2027-01-31T00:00:00Z\", targets: [all, 'gateway:x' ]}\n",
        "- name: p\n  hosts: all\n  vars:\n    release: {serial: 2, expires: 2027-05-01T00:00:00Z, targets: [\"all\"]}\n")]
    public void Only_the_values_change(string before, string after) =>
        Assert.Equal(after, Edit(before, new ReleaseChange(null, May, ["all"])).Value);

    [Fact]
    public void What_is_not_asked_for_stays() =>
        Assert.Equal("release: {serial: 5, expires: soon}\n", Edit("release: {serial: 4, expires: soon}\n", new ReleaseChange(5, null, [])).Value);

    [Theory]
    [InlineData("release: {serial: 1}\n")]
    [InlineData("release:\n  serial: 1\n  expires: 2027-01-31T00:00:00Z\n  targets:\n  - all\n")]
    [InlineData("applications: {}\n")]
    [InlineData("- name: p\n  hosts: all\n")]
    [InlineData("[]\n")]
    public void What_cannot_be_replaced_safely_is_refused_with_its_place(string text)
    {
        var edited = Edit(text, new ReleaseChange(null, May, ["all"]));

        Assert.False(edited.IsSuccess);
        Assert.StartsWith("d.yaml:", edited.Failure.ToString(), StringComparison.Ordinal);
    }

    private static Result<string> Edit(string text, ReleaseChange change) => ReleaseEditor.Edit(new SourceText("d.yaml", Encoding.UTF8.GetBytes(text)), change);
}

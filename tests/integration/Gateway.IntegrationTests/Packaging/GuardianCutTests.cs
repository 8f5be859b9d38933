using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>The guardian, killed at each thing it does in turn (<c>tests/integration/guardian-cuts.sh</c>).</summary>
public sealed class GuardianCutTests
{
    [Fact]
    public async Task Whenever_the_power_goes_the_upgrade_ends_committed_or_rolled_back_by_itself()
    {
        var cuts = await ProcessRunner.RunAsync(
            new ProcessRequest(Repository.At("tests/integration/guardian-cuts.sh"), [Repository.At("packaging/debian/guardian")]) { Timeout = TimeSpan.FromMinutes(40) },
            CancellationToken.None);

        Assert.True(cuts.IsSuccess, cuts.StandardOutput + cuts.StandardError);
        Assert.Equal(12, cuts.StandardOutput.Split('\n').Count(line => line.EndsWith("ended as it must", StringComparison.Ordinal)));
    }
}

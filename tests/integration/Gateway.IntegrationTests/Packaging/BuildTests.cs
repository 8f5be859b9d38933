using System.Security.Cryptography;

namespace Gateway.IntegrationTests.Packaging;

[Collection("machine")]
public class BuildTests
{
    [Fact]
    public async Task Two_builds_are_the_same_bit_by_bit()
    {
        var folder = Directory.CreateTempSubdirectory("deb-").FullName;
        try
        {
            var first = await Packages.BuildAsync(Path.Combine(folder, "1"));
            Assert.True(first.IsSuccess, first.StandardOutput + first.StandardError);
            var second = await Packages.BuildAsync(Path.Combine(folder, "2"));
            Assert.True(second.IsSuccess, second.StandardError);

            Assert.Equal(Sums(Path.Combine(folder, "1")), Sums(Path.Combine(folder, "2")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("arm64", "linux-arm64")]
    [InlineData("armhf", "linux-arm")]
    [InlineData("mips", "none of amd64, arm64, armhf")]
    public async Task An_architecture_the_programs_are_not_built_for_is_refused_in_a_clear_line(string architecture, string says)
    {
        var folder = Directory.CreateTempSubdirectory("deb-").FullName;
        var run = await Packages.BuildAsync(folder, architecture: architecture);
        Directory.Delete(folder, recursive: true);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(says, run.StandardError);
        Assert.Single(run.StandardError.TrimEnd().Split('\n'));
    }

    private static string[] Sums(string folder) =>
        [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")];
}

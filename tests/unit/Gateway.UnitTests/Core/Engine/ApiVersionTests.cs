using Gateway.Core.Engine;

namespace Gateway.UnitTests.Core.Engine;

public sealed class ApiVersionTests
{
    [Theory]
    [InlineData("1.41", "1.12", "1.41")] // Debian 12: Docker 20.10
    [InlineData("1.43", "1.12", "1.43")]
    [InlineData("1.47", "1.24", "1.44")]
    [InlineData("1.52", "1.44", "1.44")] // Docker 29
    [InlineData("1.60", "1.48", "1.48")] // too new to speak ours: its oldest
    [InlineData("2.0", "1.50", "1.50")]
    [InlineData("1.44", "", "1.44")]
    public void The_version_spoken_is_the_preferred_one_or_the_engines_nearest(string newest, string oldest, string spoken)
    {
        var chosen = ApiVersion.Choose(new EngineVersion { Version = "x", ApiVersion = newest, MinApiVersion = oldest });

        Assert.Equal(spoken, chosen.Value.ToString());
    }

    [Theory]
    [InlineData("1.40", "docker to 20.10")]
    [InlineData("1.9", "1.41 is the least")]
    [InlineData("", "is not a version")]
    [InlineData("1.x", "is not a version")]
    [InlineData("-1.44", "is not a version")]
    public void An_engine_too_old_or_senseless_is_refused(string newest, string why)
    {
        var failure = ApiVersion.Choose(new EngineVersion { Version = "19.03", ApiVersion = newest, MinApiVersion = "1.12" }).Failure;

        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }
}

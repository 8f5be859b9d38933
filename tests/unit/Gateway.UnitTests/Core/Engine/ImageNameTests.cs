using Gateway.Core.Engine;

namespace Gateway.UnitTests.Core.Engine;

public sealed class ImageNameTests
{
    private const string Digest = "sha256:0123";

    [Theory]
    [InlineData("app", "app", "latest", "app:latest")]
    [InlineData("app:1.2", "app", "1.2", "app:1.2")]
    [InlineData("host:5000/team/app", "host:5000/team/app", "latest", "host:5000/team/app:latest")]
    [InlineData("host:5000/app:1", "host:5000/app", "1", "host:5000/app:1")]
    [InlineData("host:5000/app@" + Digest, "host:5000/app", Digest, "host:5000/app@" + Digest)]
    [InlineData("host:5000/app:1@" + Digest, "host:5000/app", Digest, "host:5000/app@" + Digest)]
    public void A_reference_is_taken_apart(string reference, string repository, string tagOrDigest, string canonical)
    {
        var name = ImageName.Parse(reference).Value;

        Assert.Equal((repository, tagOrDigest, canonical), (name.Repository, name.TagOrDigest, name.Canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/app")]
    [InlineData("app/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("app:")]
    [InlineData("app&tag=x")]
    public void What_is_no_reference_is_refused(string reference) => Assert.False(ImageName.Parse(reference).IsSuccess);
}

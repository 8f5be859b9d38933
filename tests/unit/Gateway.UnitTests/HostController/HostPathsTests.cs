using Gateway.HostController;

namespace Gateway.UnitTests.HostController;

public sealed class HostPathsTests
{
    [Theory]
    [InlineData(null, "/etc/x", "/etc/x")]
    [InlineData("/", "/etc/x", "/etc/x")]
    [InlineData("/tmp/r", "/etc/x", "/tmp/r/etc/x")]
    [InlineData("/tmp/r/", "/etc//x/", "/tmp/r/etc/x/")]
    [InlineData("/tmp/r", "/", "/tmp/r")]
    [InlineData("/tmp/r", "/../../etc/x", "/tmp/r/etc/x")]
    public void A_path_lies_under_the_root(string? root, string path, string expected) =>
        Assert.Equal(expected, new HostPaths(root).On(path));

    [Theory]
    [InlineData(null, "/etc/x", "/etc/x")]
    [InlineData("/tmp/r", "/tmp/r/etc/x", "/etc/x")]
    [InlineData("/tmp/r", "/tmp/r", "/")]
    [InlineData("/tmp/r", "/tmp/root/etc", "/tmp/root/etc")]
    public void A_real_path_is_named_as_the_machine_names_it(string? root, string real, string expected) =>
        Assert.Equal(expected, new HostPaths(root).Inside(real));
}

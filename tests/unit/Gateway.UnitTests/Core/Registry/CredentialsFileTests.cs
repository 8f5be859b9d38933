using Gateway.Core.Registry;

namespace Gateway.UnitTests.Core.Registry;

public sealed class CredentialsFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_file_that_others_may_read_is_not_used_until_it_is_closed_to_them()
    {
        Write("ann");
        var file = new CredentialsFile(path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", file.For("r").Failure.Message, StringComparison.Ordinal);

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("ann", file.For("r").Value!.Username);
    }

    [Fact]
    public void What_is_written_later_is_read_again()
    {
        Write("ann");
        var file = new CredentialsFile(path);
        Assert.Equal("ann", file.For("r").Value!.Username);

        Write("bobby");
        Assert.Equal("bobby", file.For("r").Value!.Username);
        File.Delete(path);
        Assert.Contains("is not there", file.For("r").Failure.Message, StringComparison.Ordinal);
    }

    private void Write(string user)
    {
        File.WriteAllText(path, $$"""{"auths": {"r": {"username": "{{user}}", "password": "pw"} } }""");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}

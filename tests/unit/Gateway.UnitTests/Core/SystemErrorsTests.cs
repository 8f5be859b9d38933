using System.ComponentModel;
using System.Text.Json;
using Gateway.Core.Reports;

namespace Gateway.UnitTests.Core;

public sealed class SystemErrorsTests
{
    [Fact]
    public void A_user_reads_what_the_system_says_not_the_runtimes_key()
    {
        Assert.Equal("No such file or directory", SystemErrors.Text(new DirectoryNotFoundException("IO_PathNotFound_Path, /a/b")));
        Assert.Equal("[Errno 2] No such file or directory", SystemErrors.Numbered(new FileNotFoundException("IO_FileNotFound_FileName, /a")));
        Assert.Equal("Permission denied", SystemErrors.Text(new UnauthorizedAccessException("UnauthorizedAccess_IODenied_Path, /a")));
        Assert.Equal("Exec format error", SystemErrors.Text(new Win32Exception(8, "ErrorStartingProcess, /a, /, Exec format error")));
        Assert.Equal("File too large", SystemErrors.Text(new IOException("key", 27)));
    }

    [Fact]
    public void What_is_our_own_text_stays() =>
        Assert.Equal("folder '/a' could not be made: File exists", SystemErrors.Text(new IOException("folder '/a' could not be made: File exists", new Win32Exception(17))));

    [Fact]
    public void Json_is_said_by_its_place() =>
        Assert.Equal("not valid JSON at line 1, byte 2", SystemErrors.Text(new JsonException("ExpectedStartOfValueNotFound, x", null, 0, 1)));
}

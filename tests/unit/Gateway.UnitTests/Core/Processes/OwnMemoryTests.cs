using Gateway.Core.Processes;

namespace Gateway.UnitTests.Core.Processes;

public sealed class OwnMemoryTests
{
    [Theory]
    [InlineData("7f000000-7f002000 r-xp 00000000 08:01 42    /usr/lib/libc.so.6", 0, true)]
    [InlineData("7f000000-7f002000 r--p 00000000 08:01 42    /app/System.Linq.dll", 0, true)]
    [InlineData("7f000000-7f002000 r-xp 00000000 08:01 42    /usr/lib/libc.so.6", 4, false)]
    [InlineData("7f000000-7f002000 rw-p 00000000 08:01 42    /usr/lib/libc.so.6", 0, false)]
    [InlineData("7f000000-7f002000 rwxp 00000000 08:01 42    /usr/lib/libc.so.6", 0, false)]
    [InlineData("7f000000-7f002000 r-xs 00000000 08:01 42    /usr/lib/libc.so.6", 0, false)]
    [InlineData("7f000000-7f002000 r-xp 00000000 00:01 42    /memfd:doublemapper (deleted)", 0, false)]
    [InlineData("7f000000-7f002000 r--p 00000000 00:00 0", 0, false)]
    [InlineData("7f000000-7f002000 r--p 00000000 00:00 0     [vvar]", 0, false)]
    public void Only_what_can_be_read_from_its_file_again_is_let_go(string head, int anonymous, bool clean)
    {
        var found = OwnMemory.Clean([head, "Size:   8 kB", "Rss:  8 kB", $"Anonymous:      {anonymous} kB", "VmFlags: rd ex mr mw me"]);

        Assert.Equal(clean ? [((nint)0x7f000000, (nuint)0x2000)] : [], found);
    }

    [Fact]
    public void A_process_goes_on_after_letting_go()
    {
        var memory = new OwnMemory();

        for (var i = 0; i < 3; i++)
        {
            Assert.True(memory.Release().IsSuccess);
            Assert.Equal(5050, Enumerable.Range(1, 100).Sum());
        }
    }
}

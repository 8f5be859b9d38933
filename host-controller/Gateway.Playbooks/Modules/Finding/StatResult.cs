using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What stands at a path, as <c>stat</c> and <c>find</c> report it.</summary>
internal static class StatResult
{
    private const int Socket = 0xC000;
    private const int Link = 0xA000;
    private const int Regular = 0x8000;
    private const int Block = 0x6000;
    private const int Folder = 0x4000;
    private const int Character = 0x2000;
    private const int Pipe = 0x1000;

    public static DictValue Of(string path, FileState state, IHostReader reader)
    {
        bool Is(int type) => state.TypeBits == type;
        bool Has(int bit) => (state.Mode & bit) != 0;
        return Results.Of(
            ("path", path), ("mode", Mode(state.Mode)),
            ("isdir", Is(Folder)), ("ischr", Is(Character)), ("isblk", Is(Block)), ("isreg", Is(Regular)), ("isfifo", Is(Pipe)), ("islnk", Is(Link)), ("issock", Is(Socket)),
            ("uid", (long)state.Uid), ("gid", (long)state.Gid), ("size", state.Size), ("inode", state.Inode), ("dev", Device(state.Device)), ("nlink", state.Links),
            ("atime", Seconds(state.Accessed)), ("mtime", Seconds(state.Modified)), ("ctime", Seconds(state.Changed)),
            ("wusr", Has(0x80)), ("rusr", Has(0x100)), ("xusr", Has(0x40)),
            ("wgrp", Has(0x10)), ("rgrp", Has(0x20)), ("xgrp", Has(0x8)),
            ("woth", Has(0x2)), ("roth", Has(0x4)), ("xoth", Has(0x1)),
            ("isuid", Has(0x800)), ("isgid", Has(0x400)),
            ("pw_name", reader.UserName(state.Uid)), ("gr_name", reader.GroupName(state.Gid)));
    }

    /// <summary>What only <c>stat</c> tells.</summary>
    /// <param name="result">What both tell.</param>
    /// <param name="state">What stands there.</param>
    /// <param name="target">The same with a link followed, which is what can be read and run; null when it leads nowhere.</param>
    public static DictValue More(DictValue result, FileState state, FileState? target) => result.With(Results.Of(
        ("exists", true), ("blocks", state.Blocks), ("block_size", state.BlockSize), ("device_type", Device(state.SpecialDevice)),
        ("readable", target is not null), ("writeable", target is not null), ("executable", target is { Kind: FileKind.Directory } || ((target?.Mode ?? 0) & 0x49) != 0)));

    private static Value Mode(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    private static Value Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>Major and minor number as makedev(3) puts them together.</summary>
    private static long Device(long device)
    {
        var (major, minor) = (device >> 32, device & 0xFFFFFFFF);
        return ((major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
    }

    /// <summary>The choices of <c>checksum_algorithm</c>.</summary>
    public static ImmutableArray<string> Algorithms { get; } = ["md5", "sha1", "sha256", "sha384", "sha512"];
}

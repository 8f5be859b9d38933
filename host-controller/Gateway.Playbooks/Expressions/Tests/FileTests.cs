using System.Collections.Immutable;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Expressions.Tests;

/// <summary>What stands at a path of the machine.</summary>
internal static class FileTests
{
    public static ImmutableArray<Test> All { get; } =
    [
        .. Of((machine, path) => machine.Stat(path, follow: true)?.Kind == FileKind.File, "file", "is_file"),
        .. Of((machine, path) => machine.Stat(path, follow: true)?.Kind == FileKind.Directory, "directory", "is_dir"),
        .. Of((machine, path) => machine.Stat(path, follow: false)?.Kind == FileKind.Link, "link", "is_link"),
        .. Of((machine, path) => machine.Stat(path, follow: true) is not null, "exists"),
        .. Of((machine, path) => machine.Stat(path, follow: false) is not null, "link_exists"),
        .. Of((_, path) => path.StartsWith('/'), "abs", "is_abs"),
        .. Of(IsMount, "mount", "is_mount"),
        .. new[] { "same_file", "is_same_file" }.Select(name => new Test(name, (evaluator, value, arguments) =>
        {
            var machine = evaluator.Resolver.Machine;
            var (a, b) = (machine.Stat(evaluator.Budget.Str(value), follow: true), machine.Stat(evaluator.Budget.Str(arguments.Bind(name, 1, "path")[0]!), follow: true));
            return a is not null && b is not null && (a.Device, a.Inode) == (b.Device, b.Inode);
        })),
    ];

    private static IEnumerable<Test> Of(Func<IHostReader, string, bool> isSo, params string[] names) =>
        names.Select(name => new Test(name, (evaluator, value, _) => isSo(evaluator.Resolver.Machine, evaluator.Budget.Str(value))));

    /// <summary>Another file system than its parent's, or the root.</summary>
    private static bool IsMount(IHostReader machine, string path)
    {
        if (machine.Stat(path, follow: false) is not { Kind: not FileKind.Link } here || machine.Stat(path.TrimEnd('/') + "/..", follow: true) is not { } parent)
        {
            return false;
        }

        return here.Device != parent.Device || here.Inode == parent.Inode;
    }
}

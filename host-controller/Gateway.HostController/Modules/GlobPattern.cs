using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Modules;

/// <summary>Finds files by a pattern with <c>*</c>, <c>?</c> and <c>[…]</c> in any part of the path (glob(7)).</summary>
internal static class GlobPattern
{
    private const int Most = 100_000;

    public static bool AnyMatch(string pattern)
    {
        IEnumerable<string> found = ["/"];
        foreach (var part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = part.AsSpan().IndexOfAny("*?[") < 0
                ? found.Select(folder => Path.Combine(folder, part)).Where(path => NativeCalls.Stat(path, follow: false) is not null)
                : found.SelectMany(Names).Take(Most).Where(path => Path.GetFileName(path) is var name && (name[0] != '.' || part[0] == '.') && PackageSpec.Matches(name, part));
        }

        return found.Any();
    }

    private static IEnumerable<string> Names(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

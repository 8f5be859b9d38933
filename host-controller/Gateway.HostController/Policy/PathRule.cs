using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Policy;

/// <summary>One entry of <c>allowed_paths</c> or a path in <c>allowed_commands</c>.</summary>
internal static class PathRule
{
    /// <summary>Whether a path without <c>..</c> and links is the entry's, or lies below it: names are compared one by one.</summary>
    public static bool Covers(string entry, string path, bool below = true)
    {
        var (names, parts) = (Names(entry), Names(path));
        return parts.Length >= names.Length && (below || parts.Length == names.Length) && names.Zip(parts).All(pair => PackageSpec.Matches(pair.Second, pair.First));
    }

    private static string[] Names(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}

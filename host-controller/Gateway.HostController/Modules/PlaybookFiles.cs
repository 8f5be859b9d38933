using Gateway.HostController.Run;

namespace Gateway.HostController.Modules;

/// <summary>Finds files that came with a playbook, in the order Ansible looks (docs.ansible.com, "Search paths in Ansible").</summary>
internal static class PlaybookFiles
{
    /// <summary>The first that is there; null when none is.</summary>
    public static string? Find(HostAccess host, string name, string folder) =>
        Candidates(host, name, folder).FirstOrDefault(place => File.Exists(place) || Directory.Exists(place));

    /// <summary>Every place, best first.</summary>
    public static IEnumerable<string> Candidates(HostAccess host, string name, string folder)
    {
        if (host.PlaybookFolder is not { } own)
        {
            return [];
        }

        if (Path.IsPathRooted(name))
        {
            var path = host.IsSealed ? Path.GetFullPath(name) : new HostPaths(host.Root).On(name);
            return !host.IsSealed || IsInside(own, path) ? [path] : [];
        }

        return host.SearchFolders.Append(own)
            .SelectMany(place => new[] { Path.GetFullPath(Path.Combine(place, folder, name)), Path.GetFullPath(Path.Combine(place, name)) })
            .Where(path => !host.IsSealed || IsInside(own, path))
            .Distinct(StringComparer.Ordinal);
    }

    private static bool IsInside(string folder, string path) => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}

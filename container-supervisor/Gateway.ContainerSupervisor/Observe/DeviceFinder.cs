using System.IO.Enumeration;
using Gateway.Reconciliation.Desired;

namespace Gateway.ContainerSupervisor.Observe;

/// <summary>Finds the devices that a desired state asks for: the first alternative that exists, patterns resolved.</summary>
internal static class DeviceFinder
{
    /// <summary>The path found, or null. Of several that match a pattern, the first by name.</summary>
    public static string? Find(DeviceMapping device) => device.Alternatives.Select(FindOne).FirstOrDefault(static found => found is not null);

    private static string? FindOne(string pattern)
    {
        if (pattern.AsSpan().IndexOfAny('*', '?') < 0)
        {
            return Path.Exists(pattern) ? pattern : null;
        }

        IEnumerable<string> found = ["/"];
        foreach (var part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = found.SelectMany(folder => Entries(folder, part)).Order(StringComparer.Ordinal).Take(1000).ToList();
        }

        return found.FirstOrDefault();
    }

    private static IEnumerable<string> Entries(string folder, string part)
    {
        if (part.AsSpan().IndexOfAny('*', '?') < 0)
        {
            var path = Path.Combine(folder, part);
            return Path.Exists(path) ? [path] : [];
        }

        try
        {
            return Directory.EnumerateFileSystemEntries(folder)
                .Where(path => FileSystemName.MatchesSimpleExpression(part, Path.GetFileName(path), ignoreCase: false))
                .ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>Paths and the folders they are in.</summary>
internal static class Folders
{
    /// <summary>The folder a path is in.</summary>
    public static string Of(string path) => path[..Math.Max(path.LastIndexOf('/'), path.StartsWith('/') ? 1 : 0)];

    /// <summary>The last part of a path.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>A path in a folder.</summary>
    public static string In(string folder, string name) => $"{folder.TrimEnd('/')}/{name}";

    /// <summary>The folder itself and those above it that are not there, from the root down.</summary>
    public static ImmutableArray<string> Missing(IHostReader reader, string folder)
    {
        var missing = new List<string>();
        for (var at = folder; at.Length > 1 && reader.Stat(at, follow: true) is null; at = at[..Math.Max(at.LastIndexOf('/'), 0)])
        {
            missing.Insert(0, at);
        }

        return [.. missing];
    }
}

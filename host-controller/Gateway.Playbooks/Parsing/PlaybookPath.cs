namespace Gateway.Playbooks.Parsing;

/// <summary>Paths as text, relative to a playbook's folder.</summary>
public static class PlaybookPath
{
    /// <summary>A name as seen from a folder, without <c>.</c> and, where that is possible, <c>..</c>.</summary>
    public static string Combine(string folder, string name)
    {
        var isRooted = name.StartsWith('/') || folder.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in (name.StartsWith('/') ? name : $"{folder}/{name}").Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return (isRooted ? "/" : "") + string.Join('/', parts);
    }

    /// <summary>The folder of a path; empty for the playbook's own.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is var at and > 0 ? path[..at] : "";
}

namespace Gateway.Reconciliation.Desired;

/// <summary>Absolute paths of the host, normalised by their text alone, as the engine itself does (Go's path.Clean).</summary>
public static class HostPath
{
    /// <summary>
    /// <c>//a/./b/../c/</c> becomes <c>/a/c</c>. False unless the path is absolute, at most 4096 characters and free
    /// of control characters.
    /// </summary>
    public static bool TryNormalise(string path, out string normal)
    {
        normal = "";
        if (!path.StartsWith('/') || path.Length > 4096 || path.Any(char.IsControl))
        {
            return false;
        }

        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == "..")
            {
                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        normal = "/" + string.Join('/', parts);
        return true;
    }

    /// <summary>Whether a normalised path is a folder or lies in it.</summary>
    public static bool IsAtOrBelow(string path, string folder) =>
        folder == "/" || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}

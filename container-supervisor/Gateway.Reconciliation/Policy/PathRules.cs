using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Policy;

/// <summary>Which host paths a list of folders and glob patterns allows.</summary>
internal static class PathRules
{
    /// <summary>Folders that give power over the gateway itself: a broader rule does not cover them, only one that names them (or <c>/</c>).</summary>
    private static readonly string[] Guarded =
        ["/dev", "/proc", "/sys", "/run", "/var/run", "/etc/gateway", "/var/lib/gateway", "/var/lib/docker", "/var/lib/containerd"];

    /// <summary>Whether a bind mount of the path is allowed.</summary>
    public static bool AllowsBind(IEnumerable<string> rules, string path) =>
        IsNormal(path) && rules.Any(rule => Matches(rule, path, out var normal) && (normal == "/" || Guarded.All(guarded => Names(normal, guarded, path))));

    /// <summary>Whether a device, or every device a pattern may find, is allowed.</summary>
    public static bool AllowsDevice(IEnumerable<string> rules, string path) =>
        IsNormal(path) && path.StartsWith("/dev/", StringComparison.Ordinal) && rules.Any(rule => Matches(rule, path, out _));

    /// <summary>Whether an entry allows whatever is below <c>/dev/</c>.</summary>
    public static bool IsAllDevices(string rule) => HostPath.TryNormalise(rule, out var normal) && normal is "/dev" or "/dev/*" or "/";

    /// <summary>Whether a rule covers a path: it, or a folder above it, matches part by part.</summary>
    public static bool Matches(string rule, string path, out string normal)
    {
        if (!HostPath.TryNormalise(rule, out normal))
        {
            return false;
        }

        var wanted = normal == "/" ? [] : normal.Split('/')[1..];
        var parts = path == "/" ? [] : path.Split('/')[1..];
        return wanted.Length <= parts.Length && wanted.Zip(parts).All(pair => Glob(pair.First, pair.Second));
    }

    /// <summary>
    /// <c>*</c> is any text, <c>?</c> any one character. The text may itself be a pattern: <c>?</c> does not stand for
    /// its <c>*</c>, so that a rule never covers more than what it says.
    /// </summary>
    public static bool Glob(string pattern, string text)
    {
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' ? text[t] != '*' : pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    private static bool IsNormal(string path) => HostPath.TryNormalise(path, out var normal) && normal == path;

    private static bool Names(string rule, string guarded, string path)
    {
        if (HostPath.IsAtOrBelow(path, guarded))
        {
            return HostPath.IsAtOrBelow(rule, guarded);
        }

        return !HostPath.IsAtOrBelow(guarded, path) || rule == path;
    }
}

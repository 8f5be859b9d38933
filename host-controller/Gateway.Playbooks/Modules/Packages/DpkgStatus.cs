namespace Gateway.Playbooks.Modules;

/// <summary>What dpkg-query says of a package.</summary>
/// <param name="Version">The version that is installed and configured; null for none.</param>
/// <param name="HasFiles">Whether it left configuration files.</param>
internal sealed record DpkgStatus(string? Version, bool HasFiles)
{
    /// <summary>All packages named, in one run; those that dpkg does not know are not in the answer.</summary>
    public static async Task<Dictionary<string, DpkgStatus>> ReadAsync(IEnumerable<string> names, IHostReader reader, CancellationToken cancellation)
    {
        var wanted = names.Distinct(StringComparer.Ordinal).ToList();
        var found = new Dictionary<string, DpkgStatus>(StringComparer.Ordinal);
        if (wanted.Count == 0)
        {
            return found;
        }

        var output = await reader.RunAsync(
            "dpkg-query", ["--show", "--showformat=${Package}\\t${Architecture}\\t${Version}\\t${db:Status-Status}\\t${db:Status-Eflag}\\n", "--", .. wanted], cancellation);
        foreach (var fields in output.StandardOutput.Split('\n').Select(line => line.Split('\t')).Where(fields => fields.Length == 5))
        {
            var status = new DpkgStatus(fields[3] == "installed" && fields[4] == "ok" ? fields[2] : null, fields[3] is not ("not-installed" or "installed"));
            found[$"{fields[0]}:{fields[1]}"] = status;
            if (!found.TryGetValue(fields[0], out var known) || known.Version is null)
            {
                found[fields[0]] = status;
            }
        }

        return found;
    }
}

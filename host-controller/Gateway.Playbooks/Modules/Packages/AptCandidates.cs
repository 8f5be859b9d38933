using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>Asks apt which versions it would install.</summary>
internal static class AptCandidates
{
    /// <summary>The packages with their candidates.</summary>
    public static async Task<ImmutableArray<PackageFacts>> AskAsync(
        IReadOnlyList<PackageFacts> packages, AptArguments arguments, IHostReader reader, CancellationToken cancellation)
    {
        var release = arguments.Options.IndexOf("-t") is var at and >= 0 ? arguments.Options.AsSpan(at, 2).ToArray() : [];
        var policy = Policy((await reader.RunAsync("apt-cache", [.. release, "policy", .. packages.Select(package => package.Spec.Name)], cancellation)).StandardOutput);
        var answers = ImmutableArray.CreateBuilder<PackageFacts>(packages.Count);
        foreach (var package in packages)
        {
            answers.Add(await AskAsync(package, policy, reader, cancellation));
        }

        return answers.ToImmutable();
    }

    private static async Task<PackageFacts> AskAsync(PackageFacts package, Dictionary<string, string?> policy, IHostReader reader, CancellationToken cancellation)
    {
        var spec = package.Spec;
        var known = policy.TryGetValue(spec.Name, out var candidate);
        if (known && candidate is null && package.Installed is null)
        {
            return await VirtualAsync(package, reader, cancellation);
        }

        if (spec.Comparison == "=" && (candidate is null || !PackageSpec.Matches(candidate, spec.Version!)))
        {
            candidate = await MatchingAsync(spec, reader, cancellation);
        }
        else if (spec.Comparison == ">=" && candidate is not null
            && (await reader.RunAsync("dpkg", ["--compare-versions", candidate, "ge", spec.Version!], cancellation)).ExitCode != 0)
        {
            candidate = null;
        }

        return package with { IsAsked = true, IsKnown = known || package.Installed is not null, Candidate = candidate };
    }

    /// <summary>The highest version that matches: madison lists them from the highest down.</summary>
    private static async Task<string?> MatchingAsync(PackageSpec spec, IHostReader reader, CancellationToken cancellation) =>
        (await reader.RunAsync("apt-cache", ["madison", spec.Name], cancellation)).StandardOutput.Split('\n')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(fields => fields.Length >= 2 && PackageSpec.Matches(fields[1], spec.Version!))
            .Select(fields => fields[1])
            .FirstOrDefault();

    /// <summary>A name without versions of its own: others provide it, one of which may be installed.</summary>
    private static async Task<PackageFacts> VirtualAsync(PackageFacts package, IHostReader reader, CancellationToken cancellation)
    {
        var providers = (await reader.RunAsync("apt-cache", ["showpkg", package.Spec.Name], cancellation)).StandardOutput;
        var at = providers.IndexOf("Reverse Provides:", StringComparison.Ordinal);
        var names = at < 0 ? [] : providers[at..].Split('\n').Skip(1).Select(line => line.Split(' ')[0]).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
        {
            return package with { IsAsked = true, IsKnown = false };
        }

        var installed = await DpkgStatus.ReadAsync(names, reader, cancellation);
        return installed.Values.FirstOrDefault(status => status.Version is not null) is { } provider
            ? package with { IsAsked = true, IsSatisfied = true, Installed = provider.Version, Candidate = provider.Version }
            : package with { IsAsked = true, Candidate = "" };
    }

    /// <summary>Candidates by name; a name without one has null, an unknown name is not there.</summary>
    private static Dictionary<string, string?> Policy(string output)
    {
        var candidates = new Dictionary<string, string?>(StringComparer.Ordinal);
        var name = "";
        foreach (var line in output.Split('\n'))
        {
            if (line.Length > 0 && line[0] != ' ')
            {
                name = line.TrimEnd().TrimEnd(':');
                candidates[name] = null;
            }
            else if (line.TrimStart().StartsWith("Candidate: ", StringComparison.Ordinal))
            {
                var version = line.TrimStart()["Candidate: ".Length..].Trim();
                candidates[name] = version == "(none)" ? null : version;
            }
        }

        return candidates;
    }
}

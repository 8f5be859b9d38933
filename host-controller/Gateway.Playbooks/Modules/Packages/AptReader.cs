using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>Asks dpkg, and apt only where dpkg's answer is not enough: each run of apt reads all lists.</summary>
internal static class AptReader
{
    private const string Stamp = "/var/lib/apt/periodic/update-success-stamp";
    private const string Lists = "/var/lib/apt/lists";
    private const long LargestStates = 16 * 1024 * 1024;

    public static async Task<Result<AptFacts>> ReadAsync(AptArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var machine = reader.Machine;
        var (specs, unmatched) = await ExpandAsync(arguments.Packages, reader, cancellation);
        var installed = await DpkgStatus.ReadAsync(specs.Select(spec => spec.Name), reader, cancellation);
        var automatic = arguments.State == "absent" ? [] : Automatic(machine);
        var packages = new List<PackageFacts>();
        foreach (var spec in specs)
        {
            var status = installed.GetValueOrDefault(spec.Name);
            var package = new PackageFacts(spec, status?.Version, status?.HasFiles == true) { IsAutomatic = automatic.Contains(spec.Name) };
            packages.Add(package with { IsSatisfied = await SatisfiedAsync(package, reader, cancellation) });
        }

        var asked = arguments.State != "absent" && packages.Exists(package => !package.IsSatisfied || arguments.State == "latest")
            ? await AptCandidates.AskAsync(packages, arguments, reader, cancellation)
            : [.. packages];
        var simulated = arguments.Upgrade is null ? "" : await SimulateAsync(AptPlans.UpgradeVerb(arguments.Upgrade), reader, cancellation);
        if (!(await AptDebs.ReadAsync(arguments.Debs, context, reader, cancellation)).TryGet(out var debs, out var wrong))
        {
            return wrong;
        }

        var leftovers = arguments.Autoremove && arguments.Packages.IsEmpty && arguments.Debs.IsEmpty && arguments.Upgrade is null
            ? await SimulateAsync(["autoremove"], reader, cancellation)
            : "";
        return new AptFacts(asked)
        {
            CacheTime = (machine.Stat(Stamp, follow: true) ?? machine.Stat(Lists, follow: true))?.Modified ?? DateTimeOffset.UnixEpoch,
            Now = reader.Now,
            Debs = debs.Missing,
            Unfetched = debs.Unfetched,
            WouldAutoclean = arguments.Autoclean && arguments.IsHousekeeping && (await SimulateAsync(["autoclean"], reader, cancellation)).Contains("Del ", StringComparison.Ordinal),
            WouldUpgrade = simulated.Length > 0 && !simulated.Contains("\n0 upgraded, 0 newly installed, 0 to remove", StringComparison.Ordinal),
            WouldAutoremove = leftovers.Contains("The following packages will be REMOVED", StringComparison.Ordinal),
            CacheUpdated = context.Round > 0,
            Unmatched = unmatched,
        };
    }

    private static async Task<(ImmutableArray<PackageSpec> Specs, ImmutableArray<string> Unmatched)> ExpandAsync(
        ImmutableArray<PackageSpec> specs, IHostReader reader, CancellationToken cancellation)
    {
        if (!specs.Any(spec => spec.IsPattern))
        {
            return (specs, []);
        }

        var names = (await reader.RunAsync("apt-cache", ["pkgnames"], cancellation)).StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(names, StringComparer.Ordinal);
        var expanded = new List<PackageSpec>();
        var unmatched = new List<string>();
        foreach (var spec in specs)
        {
            var matching = spec.IsPattern ? names.Where(name => PackageSpec.Matches(name, spec.Name)).Select(name => new PackageSpec(name, null, null)).ToList() : [spec];
            expanded.AddRange(matching);
            if (matching.Count == 0)
            {
                unmatched.Add(spec.Name);
            }
        }

        return ([.. expanded.Distinct()], [.. unmatched]);
    }

    private static async Task<bool> SatisfiedAsync(PackageFacts package, IHostReader reader, CancellationToken cancellation) => package switch
    {
        { Installed: null } => false,
        { Spec.Comparison: null } => true,
        { Spec.Comparison: "=" } => PackageSpec.Matches(package.Installed, package.Spec.Version!),
        _ => (await reader.RunAsync("dpkg", ["--compare-versions", package.Installed, "ge", package.Spec.Version!], cancellation)).ExitCode == 0,
    };

    private static async Task<string> SimulateAsync(ImmutableArray<string> verb, IHostReader reader, CancellationToken cancellation) =>
        (await reader.RunAsync("apt-get", ["-s", "-q", .. verb], cancellation)).StandardOutput;

    /// <summary>Names of packages that apt would remove once nothing needs them (apt-mark(8)).</summary>
    private static HashSet<string> Automatic(IHostReader reader)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (!reader.ReadFile("/var/lib/apt/extended_states", LargestStates).TryGet(out var content, out _))
        {
            return names;
        }

        var name = "";
        foreach (var line in Encoding.UTF8.GetString(content.Span).Split('\n'))
        {
            name = line.StartsWith("Package: ", StringComparison.Ordinal) ? line["Package: ".Length..].Trim() : name;
            if (line.StartsWith("Auto-Installed: 1", StringComparison.Ordinal))
            {
                names.Add(name);
            }
        }

        return names;
    }
}

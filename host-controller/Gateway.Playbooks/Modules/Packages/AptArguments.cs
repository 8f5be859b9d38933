using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What an <c>apt</c> task asks for.</summary>
public sealed record AptArguments(ImmutableArray<PackageSpec> Packages, string State)
{
    /// <summary>.deb files: paths, names of files that came with the playbook, or addresses.</summary>
    public ImmutableArray<string> Debs { get; init; } = [];

    /// <summary><c>dist</c>, <c>full</c>, <c>safe</c>, <c>yes</c>, or null.</summary>
    public string? Upgrade { get; init; }

    public bool UpdateCache { get; init; }

    public TimeSpan CacheValid { get; init; }

    public int UpdateAttempts { get; init; } = 5;

    public TimeSpan UpdateDelay { get; init; } = TimeSpan.FromSeconds(12);

    public bool Purge { get; init; }

    public bool Autoremove { get; init; }

    public bool OnlyUpgrade { get; init; }

    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public bool FailOnAutoremove { get; init; }

    /// <summary>Whether archives of packages are removed first; old ones, when nothing else is asked for.</summary>
    public bool Clean { get; init; }

    public bool Autoclean { get; init; }

    /// <summary>Options for dpkg, without their dashes.</summary>
    public ImmutableArray<string> DpkgOptions { get; init; } = RunApt.UsualDpkgOptions;

    /// <summary>Whether nothing is named but the lists and the archives.</summary>
    public bool IsHousekeeping => Packages.IsEmpty && Debs.IsEmpty && Upgrade is null && !Autoremove;

    /// <summary>Options that go to apt-get as they are.</summary>
    public ImmutableArray<string> Options { get; init; } = [];
}

/// <summary>One package as dpkg and apt have it.</summary>
/// <param name="Spec">As the task names it; patterns are expanded.</param>
/// <param name="Installed">The version that is installed and configured; null for none.</param>
/// <param name="HasFiles">Whether configuration files of it are left.</param>
public sealed record PackageFacts(PackageSpec Spec, string? Installed, bool HasFiles)
{
    /// <summary>Whether the installed version is one the task asks for.</summary>
    public bool IsSatisfied { get; init; }

    /// <summary>The version apt would install; null when it knows none, empty when it is to choose (virtual packages).</summary>
    public string? Candidate { get; init; }

    /// <summary>Whether apt has been asked for the candidate, which costs a run of it.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Whether apt knows the name at all.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>Whether it counts as installed for another package's sake only.</summary>
    public bool IsAutomatic { get; init; }
}

/// <summary>What an <c>apt</c> task depends on.</summary>
/// <param name="Packages">In the task's order.</param>
public sealed record AptFacts(ImmutableArray<PackageFacts> Packages)
{
    /// <summary>When the lists of packages were last fetched.</summary>
    public DateTimeOffset CacheTime { get; init; }

    public DateTimeOffset Now { get; init; }

    /// <summary>Files of packages whose version is not installed.</summary>
    public ImmutableArray<string> Debs { get; init; } = [];

    /// <summary>Addresses of packages that are to be fetched before anything can be said of them.</summary>
    public ImmutableArray<string> Unfetched { get; init; } = [];

    /// <summary>Whether apt-get would remove old archives.</summary>
    public bool WouldAutoclean { get; init; }

    /// <summary>Whether apt-get would upgrade, or remove, anything.</summary>
    public bool WouldUpgrade { get; init; }

    public bool WouldAutoremove { get; init; }

    /// <summary>Whether the lists were fetched on behalf of this task.</summary>
    public bool CacheUpdated { get; init; }

    /// <summary>Patterns that match no package.</summary>
    public ImmutableArray<string> Unmatched { get; init; } = [];
}

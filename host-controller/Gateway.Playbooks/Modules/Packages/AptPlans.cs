using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Plans of the <c>apt</c> module.</summary>
internal static class AptPlans
{
    public static TaskPlan Plan(AptArguments arguments, AptFacts facts, ModuleContext context)
    {
        if (arguments.Clean && arguments.IsHousekeeping)
        {
            // Ansible calls this a change whatever there was to remove.
            return new TaskPlan([new RunApt(["clean"], arguments.LockTimeout)], Results.Of(("changed", true), ("msg", ""), ("stdout", ""), ("stderr", "")));
        }

        if (AptDebs.Fetch(arguments, facts, context) is { } fetch)
        {
            return fetch;
        }

        var (names, failure) = Wanted(arguments, facts);
        if (NeedsLists(arguments, facts, names) is var needs && needs && !context.Check && !facts.CacheUpdated)
        {
            return new TaskPlan([new RunApt(["update", "--error-on=any"], arguments.LockTimeout, arguments.UpdateAttempts, arguments.UpdateDelay)], DictValue.Empty)
            {
                PlanAgain = true,
                Report = outcomes => outcomes[^1].Error is null
                    ? DictValue.Empty
                    : Results.Failed(outcomes[^1], $"Failed to update apt cache: {Why(outcomes[^1])}"),
            };
        }

        var cache = Results.Of(("cache_updated", facts.CacheUpdated || (needs && context.Check)), ("cache_update_time", facts.CacheTime.ToUnixTimeSeconds()));
        // Only what is installed is told together with how old the lists are.
        var told = arguments.State == "absent" && !arguments.Packages.IsEmpty ? DictValue.Empty : cache;
        if (arguments.IsHousekeeping && (!arguments.Autoclean || arguments.UpdateCache))
        {
            return TaskPlan.Nothing(cache.With("changed", facts.CacheUpdated || (needs && context.Check)));
        }

        if (!facts.Unmatched.IsEmpty)
        {
            return TaskPlan.Failure($"No package(s) matching '{facts.Unmatched[0]}' available");
        }

        if (failure is not null)
        {
            return TaskPlan.Failure(failure);
        }

        var command = Command(arguments, facts, names);
        var marks = Marks(arguments, facts);
        ImmutableArray<Change> clean = arguments.Clean ? [new RunApt(["clean"], arguments.LockTimeout)] : [];
        if (command.IsEmpty)
        {
            return new TaskPlan([.. clean, .. marks], told.With("changed", false));
        }

        var run = new RunApt(command, arguments.LockTimeout) { DpkgOptions = arguments.DpkgOptions };
        return new TaskPlan([.. clean, run, .. marks], told)
        {
            Report = outcomes => Report(arguments, command, told, outcomes[Math.Min(clean.Length, outcomes.Length - 1)], context),
        };
    }

    public static ImmutableArray<string> UpgradeVerb(string upgrade) => upgrade is "dist" or "full" ? ["dist-upgrade"] : ["upgrade", "--with-new-pkgs"];

    /// <summary>What apt-get is to install or remove, or why it cannot be.</summary>
    private static (ImmutableArray<string> Names, string? Failure) Wanted(AptArguments arguments, AptFacts facts)
    {
        if (arguments.State == "absent")
        {
            return ([.. facts.Packages
                .Where(package => package.IsSatisfied || (package.HasFiles && arguments.Purge && package.Installed is null))
                .Select(package => package.Spec.Name)], null);
        }

        var names = new List<string>();
        foreach (var package in facts.Packages)
        {
            if (package.Installed is null && arguments.OnlyUpgrade)
            {
                continue;
            }

            if (!package.IsSatisfied && package.IsAsked && !package.IsKnown)
            {
                return ([], $"No package matching '{package.Spec.Name}' is available");
            }

            if (!package.IsSatisfied && package.Candidate is null)
            {
                return ([], $"no available installation candidate for {package.Spec}");
            }

            if (!package.IsSatisfied || (arguments.State == "latest" && package.Candidate is { } newest && newest != package.Installed))
            {
                names.Add(package.Candidate!.Length == 0 ? package.Spec.Name : $"{package.Spec.Name}={package.Candidate}");
            }
        }

        return ([.. names], null);
    }

    /// <summary>Lists are fetched when the task asks for it and they are old, unless all that is asked for is there.</summary>
    private static bool NeedsLists(AptArguments arguments, AptFacts facts, ImmutableArray<string> names)
    {
        if (!arguments.UpdateCache || facts.CacheTime + arguments.CacheValid >= facts.Now)
        {
            return false;
        }

        var present = !arguments.Packages.IsEmpty && arguments.State == "present" && facts.Packages.All(package => package.IsSatisfied);
        var absent = !arguments.Packages.IsEmpty && arguments.State == "absent" && names.IsEmpty;
        return !present && !absent;
    }

    private static ImmutableArray<string> Command(AptArguments arguments, AptFacts facts, ImmutableArray<string> names)
    {
        if (arguments.Upgrade is { } upgrade)
        {
            return facts.WouldUpgrade ? [.. UpgradeVerb(upgrade), .. arguments.Options, .. Removal(arguments, upgrade is "dist" or "full")] : [];
        }

        if (!arguments.Debs.IsEmpty)
        {
            return facts.Debs.IsEmpty ? [] : ["install", .. arguments.Options, .. Removal(arguments, false), .. facts.Debs];
        }

        if (arguments.Packages.IsEmpty)
        {
            return facts.WouldAutoclean ? ["autoclean"] : facts.WouldAutoremove ? [.. arguments.Purge ? (ReadOnlySpan<string>)["--purge"] : [], "autoremove"] : [];
        }

        if (names.IsEmpty)
        {
            return [];
        }

        return arguments.State == "absent"
            ? [.. arguments.Purge ? (ReadOnlySpan<string>)["--purge"] : [], .. arguments.Autoremove ? (ReadOnlySpan<string>)["--auto-remove"] : [], "remove", .. names]
            : ["install", .. arguments.Options, .. Removal(arguments, false), .. arguments.OnlyUpgrade ? (ReadOnlySpan<string>)["--only-upgrade"] : [], .. names];
    }

    private static ImmutableArray<string> Removal(AptArguments arguments, bool mayRemove) =>
        [.. arguments.Autoremove ? (ReadOnlySpan<string>)["--auto-remove"] : [], .. arguments.FailOnAutoremove || (!arguments.Autoremove && !mayRemove) ? (ReadOnlySpan<string>)["--no-remove"] : []];

    /// <summary>Packages a task names are not to go when nothing else needs them any more; marking them is no change of note.</summary>
    private static ImmutableArray<Change> Marks(AptArguments arguments, AptFacts facts)
    {
        var automatic = arguments.State == "absent" ? [] : facts.Packages.Where(package => package.IsAutomatic && package.Installed is not null).Select(package => package.Spec.Name).ToList();
        return automatic.Count == 0 ? [] : [new RunProcess("apt-mark", ["manual", .. automatic])];
    }

    private static DictValue Report(AptArguments arguments, ImmutableArray<string> command, DictValue cache, ChangeOutcome outcome, ModuleContext context)
    {
        if (outcome.Error is not null)
        {
            return Results.Failed(outcome, $"'apt-get {(arguments.State == "absent" ? "" : "-y ")}{string.Join(' ', command)}' failed: {Why(outcome)}");
        }

        var result = arguments.Upgrade is null ? cache : cache.With("msg", outcome.StandardOutput);
        return result.With(Results.Of(
            ("changed", true),
            ("stdout", outcome.StandardOutput),
            ("stderr", outcome.StandardError),
            ("diff", context.Diff ? Results.Of(("prepared", Prepared(outcome.StandardOutput))) : DictValue.Empty)));
    }

    private static string Why(ChangeOutcome outcome) => outcome.StandardError.Length > 0 ? outcome.StandardError : outcome.Error ?? "unknown reason";

    /// <summary>The lines between apt-get's plan and its summary.</summary>
    private static string Prepared(string output)
    {
        var lines = output.Split('\n');
        var begin = Array.IndexOf(lines, "Reading state information...") + 1;
        var end = Array.FindIndex(lines, line => line.Length > 0 && char.IsAsciiDigit(line[0]) && line.Contains(" upgraded", StringComparison.Ordinal));
        return string.Join('\n', lines[begin..(end < begin ? lines.Length : end + 1)]);
    }
}

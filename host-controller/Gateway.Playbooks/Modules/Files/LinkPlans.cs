using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Plans of the <c>file</c> module for links.</summary>
internal static class LinkPlans
{
    public static TaskPlan Symbolic(FileArguments arguments, FileFacts facts, ModuleContext context)
    {
        var (path, previous) = (facts.Path, facts.PreviousState);
        var source = facts.Source ?? (arguments.Follow && facts.Target is not null ? facts.Here?.LinkTarget : null);
        if (Refusal(arguments, facts, previous, source) is { } refusal)
        {
            return refusal;
        }

        var plan = FilePlans.Start(path, "link", previous);
        var made = previous != "link" || (source is not null && source != facts.Here!.LinkTarget);
        if (made)
        {
            if (previous == "link")
            {
                plan.Note("src", facts.Here!.LinkTarget!, source!);
            }
            else if (previous == "directory")
            {
                plan.Changes.Add(new RemovePath(path));
            }

            plan.Changes.Add(new CreateLink(path, source!));
        }

        var result = (Value)(source is null ? NullValue.None : source);
        if (context.Check && made && facts.Target is null)
        {
            return FilePlans.Done(plan, path, ("dest", path), ("src", result));
        }

        var warning = Attributes(arguments, facts, plan, made, source);
        return FilePlans.Done(plan, path, ("dest", path), ("src", result)) with
        {
            Warnings = warning.Length == 0 || (context.Check && made) || (made && !facts.FolderIsThere) ? [] : [warning],
            Report = FilePlans.Undone(plan, "Error while linking: ", path, ("dest", path), ("src", result)),
        };
    }

    public static TaskPlan Hard(FileArguments arguments, FileFacts facts, ModuleContext context)
    {
        var (path, previous, source) = (facts.Path, facts.PreviousState, facts.Source);
        if (previous != "hard" && source is null)
        {
            return TaskPlan.Failure("src is required for creating new hardlinks");
        }

        if (source is not null && facts.SourceState is null)
        {
            return TaskPlan.Failure("src does not exist", ("dest", path), ("src", source));
        }

        var same = source is null || (facts.Here is { } here && facts.SourceState is { } there && here.Inode == there.Inode && here.Device == there.Device);
        if (previous == "link" && facts.Here!.LinkTarget == source)
        {
            same = true;
        }

        if (!same && !arguments.Force && previous is not ("absent" or "link"))
        {
            var message = previous == "hard" ? "Cannot link, different hard link exists at destination"
                : previous == "directory" ? "Cannot link: different hard link exists at destination"
                : $"Cannot link, {previous} exists at destination";
            return TaskPlan.Failure(message, ("dest", path), ("src", source!));
        }

        var plan = FilePlans.Start(path, "hard", previous);
        if (!same)
        {
            if (previous == "link")
            {
                plan.Note("src", facts.Here!.LinkTarget!, source!);
            }

            plan.Changes.Add(new CreateHardLink(path, source!));
        }

        if (!(context.Check && facts.Here is null) && (same ? facts.Here : facts.SourceState) is { } state)
        {
            plan.Adjust(path, state, facts.Wanted);
            FileTimes.Plan(plan, path, state, arguments, "preserve", facts.Now);
        }

        var result = (Value)(source is null ? NullValue.None : source);
        return FilePlans.Done(plan, path, ("dest", path), ("src", result)) with { Report = FilePlans.Undone(plan, "Error while linking: ", path, ("dest", path), ("src", result)) };
    }

    private static TaskPlan? Refusal(FileArguments arguments, FileFacts facts, string previous, string? source)
    {
        var path = facts.Path;
        if (!arguments.Force && facts.Source is not null && facts.SourceState is null)
        {
            var folder = previous == "directory" ? path : path[..Math.Max(path.LastIndexOf('/'), 0)];
            var from = facts.Source.StartsWith('/') ? facts.Source : $"{folder}/{facts.Source}";
            return TaskPlan.Failure($"src file does not exist, use \"force=yes\" if you really want to create the link: {from}", ("path", path), ("src", facts.Source));
        }

        if (previous is "directory" or "file" or "hard" && !arguments.Force)
        {
            return TaskPlan.Failure($"refusing to convert from {previous} to symlink for {path}", ("path", path));
        }

        if (previous == "directory" && !facts.Tree.IsEmpty)
        {
            return TaskPlan.Failure($"the directory {path} is not empty, refusing to convert it", ("path", path));
        }

        return previous != "link" && source is null ? TaskPlan.Failure("src is required for creating new symlinks") : null;
    }

    /// <returns>A warning, or an empty text.</returns>
    private static string Attributes(FileArguments arguments, FileFacts facts, AttributePlan plan, bool made, string? source)
    {
        var target = made ? facts.LinkedState : facts.Target;
        if (arguments.Follow && target is null)
        {
            return "Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid this.";
        }

        var at = !arguments.Follow ? facts.Path
            : !made ? facts.RealPath
            : source!.StartsWith('/') ? source : $"{facts.Path[..Math.Max(facts.Path.LastIndexOf('/'), 0)]}/{source}";
        if ((arguments.Follow ? target : facts.Here) is { } state)
        {
            plan.Adjust(at, state, facts.Wanted);
            FileTimes.Plan(plan, at, state, arguments, "preserve", facts.Now);
        }
        else
        {
            plan.Set(at, new FileState(FileKind.Link, 0x1FF, 0, 0), facts.Wanted with { Mode = null });
        }

        return "";
    }
}

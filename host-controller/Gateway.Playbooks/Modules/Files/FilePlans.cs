using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Plans of the <c>file</c> module for each state but links.</summary>
internal static class FilePlans
{
    private const int NewFile = 0x1B6;
    private const int NewFolder = 0x1FF;

    public static TaskPlan Absent(FileFacts facts)
    {
        var result = Results.Of(("path", facts.Written), ("state", "absent"));
        if (facts.Here is null)
        {
            return TaskPlan.Nothing(result) with { PathInfo = facts.Path };
        }

        var diff = Start(facts.Path, "absent", facts.PreviousState);
        if (facts.Here.Kind == FileKind.Directory)
        {
            diff.NoteBefore("path_content", Results.Of(
                ("directories", Results.List(facts.Tree.Where(entry => entry.State.Kind == FileKind.Directory).Select(entry => entry.Path))),
                ("files", Results.List(facts.Tree.Where(entry => entry.State.Kind != FileKind.Directory).Select(entry => entry.Path)))));
        }

        return new TaskPlan([new RemovePath(facts.Path)], result.With("diff", diff.Diff)) { PathInfo = facts.Path };
    }

    public static TaskPlan File(FileArguments arguments, FileFacts facts)
    {
        var (path, state) = (facts.Path, facts.Here);
        if (arguments.Follow && state is { Kind: FileKind.Link })
        {
            (path, state) = (facts.RealPath, facts.Target);
        }

        if (FileFacts.StateOf(state) is var previous && previous is not ("file" or "hard"))
        {
            return TaskPlan.Failure($"file ({path}) is {previous}, cannot continue", ("path", path), ("state", previous));
        }

        var plan = Start(path, "file", previous);
        plan.Adjust(path, state!, facts.Wanted);
        FileTimes.Plan(plan, path, state, arguments, "preserve", facts.Now);
        return Done(plan, path, ("path", path));
    }

    public static TaskPlan Directory(FileArguments arguments, FileFacts facts, ModuleContext context)
    {
        var (path, state, written) = (facts.Path, facts.Here, facts.Written);
        if (arguments.Follow && state is { Kind: FileKind.Link })
        {
            (path, state, written) = (facts.RealPath, facts.Target, facts.RealPath);
        }

        var previous = FileFacts.StateOf(state);
        var plan = Start(path, "directory", previous);
        if (state is null)
        {
            var made = new FileState(FileKind.Directory, NewFolder & ~facts.Wanted.Umask, 0, 0);
            foreach (var missing in facts.Missing.IsEmpty ? [path] : facts.Missing)
            {
                plan.Changes.Add(new CreateDirectory(missing));
                if (!context.Check)
                {
                    plan.Set(missing, made, facts.Wanted);
                }
            }

            return Done(plan, path, ("path", written)) with { Report = outcomes => Made(plan, written, outcomes) };
        }

        if (state.Kind != FileKind.Directory)
        {
            return TaskPlan.Failure($"{path} already exists as a {previous}", ("path", path));
        }

        plan.Adjust(path, state, facts.Wanted);
        FileTimes.Plan(plan, path, state, arguments, "preserve", facts.Now);
        if (arguments.Recurse)
        {
            foreach (var entry in facts.Tree)
            {
                plan.Adjust(entry.Path, entry.State, facts.Wanted, quiet: true);
            }
        }

        return Done(plan, path, ("path", written));
    }

    private static DictValue Made(AttributePlan plan, string path, IReadOnlyList<ChangeOutcome> outcomes) =>
        outcomes[^1] is { Error: { } error } && plan.Changes[outcomes.Count - 1] is CreateDirectory folder
            ? Results.Of(("failed", true), ("msg", $"There was an issue creating {folder.Path} as requested: {error}"), ("path", path))
            : outcomes[^1].Error is null ? Results.Of(("path", path), ("diff", plan.Diff)) : Results.Failed(outcomes[^1]);

    public static TaskPlan Touch(FileArguments arguments, FileFacts facts, ModuleContext context)
    {
        if (facts.Here is null && context.Check)
        {
            return new TaskPlan([new CreateFile(facts.Path)], Results.Of(("dest", facts.Path))) { PathInfo = facts.Path };
        }

        var follows = arguments.Follow && facts.Here is { Kind: FileKind.Link };
        var at = follows ? facts.RealPath : facts.Path;
        var plan = Start(facts.Path, "touch", facts.PreviousState);
        if ((follows ? facts.Target : facts.Here) is { } state)
        {
            plan.Adjust(at, state, facts.Wanted);
            FileTimes.Plan(plan, at, state, arguments, "now", facts.Now);
        }
        else if (follows)
        {
            // A link that leads nowhere is there: Ansible makes nothing, and then cannot set its times.
            return TaskPlan.Failure($"Error while updating modification or access time: [Errno 2] No such file or directory: b'{at}'", ("path", at));
        }
        else
        {
            plan.Changes.Add(new CreateFile(at));
            plan.Set(at, new FileState(FileKind.File, NewFile & ~facts.Wanted.Umask, 0, 0), facts.Wanted);
            if (arguments.Modified is not null || arguments.Accessed is not null)
            {
                FileTimes.Plan(plan, at, null, arguments, "now", facts.Now);
            }
        }

        return Done(plan, facts.Path, ("dest", facts.Path)) with { Report = Undone(plan, "Error, could not touch target: ", facts.Path, ("dest", facts.Path)) };
    }

    /// <summary>What is told when the path itself could not be made.</summary>
    internal static Func<ImmutableArray<ChangeOutcome>, DictValue> Undone(AttributePlan plan, string what, string path, params ReadOnlySpan<(string Key, Value Value)> entries)
    {
        var done = Results.Of(entries).With("diff", plan.Diff);
        return outcomes => outcomes[^1] is not { Error: { } error } failed ? done
            : plan.Changes[outcomes.Length - 1] is CreateFile or CreateLink or CreateHardLink ? Results.Of(("failed", true), ("msg", what + error), ("path", path))
            : Results.Failed(failed);
    }

    internal static AttributePlan Start(string path, string state, string previous)
    {
        var plan = new AttributePlan(path);
        if (previous != state)
        {
            plan.Note("state", previous, state);
        }

        return plan;
    }

    internal static TaskPlan Done(AttributePlan plan, string path, params ReadOnlySpan<(string Key, Value Value)> entries) =>
        new([.. plan.Changes], Results.Of(entries).With("diff", plan.Diff)) { PathInfo = path };
}

using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>The <c>copy</c> module for folders: with a slash at the end of <c>src</c> what is in it, without it the folder itself.</summary>
internal static class CopyTree
{
    private const int Most = 20_000;
    private const int NewFile = 0x1B6;
    private const int NewFolder = 0x1FF;

    /// <summary>The path of the source when it is a folder, its last slash kept; null when it is none.</summary>
    public static Result<string?> Folder(CopyArguments arguments, ModuleContext context, IHostReader reader)
    {
        var source = Expansion.Of(arguments.Source!, reader, context);
        var path = arguments.RemoteSource ? source : reader.PlaybookPath(source).TryGet(out var beside, out var wrong) ? beside : null;
        if (path is null)
        {
            return reader.PlaybookPath(source).Then<string?>(found => found);
        }

        var from = arguments.RemoteSource ? reader : reader.Machine;
        var slash = source.EndsWith('/') && !path.EndsWith('/') ? "/" : "";
        return from.Stat(path.TrimEnd('/'), follow: true) is { Kind: FileKind.Directory } ? path + slash : (string?)null;
    }

    public static Result<CopyFacts> Read(CopyArguments arguments, string source, ModuleContext context, IHostReader reader)
    {
        var from = arguments.RemoteSource ? reader : reader.Machine;
        var destination = Expansion.Of(arguments.Destination, reader, context);
        var folder = source.TrimEnd('/');
        var top = source.EndsWith('/') ? destination.TrimEnd('/') : Folders.In(destination, Folders.Name(folder));
        var entries = new List<CopyEntry>();
        if (!Walk(arguments, from, reader, folder, top, entries, 0))
        {
            return Failure.At(Phase.Apply, context.At, $"{folder} holds more than {Most} entries, or links in a circle");
        }

        var here = reader.Stat(top, follow: true);
        var isThere = destination.EndsWith('/') || reader.Stat(destination, follow: true) is { Kind: FileKind.Directory };
        var named = !arguments.RemoteSource || !isThere ? destination : source.EndsWith('/') ? destination.TrimEnd('/') + "/" : top;
        return new CopyFacts(named, here, reader.Stat(destination, follow: true), destination, (IsPreserved(arguments) ? arguments.Attributes with { Mode = null } : arguments.Attributes).Resolve(reader))
        {
            Source = source,
            SourceState = source.EndsWith('/') == isThere ? null : from.Stat(folder, follow: true),
            Tree = [.. entries],
            Top = top,
            Missing = Folders.Missing(reader, top),
        };
    }

    public static TaskPlan Plan(CopyArguments arguments, CopyFacts facts, ImmutableArray<CopyEntry> tree, ModuleContext context)
    {
        if (facts.Wanted.Problem is { } problem)
        {
            return TaskPlan.Failure(problem, ("path", facts.Path));
        }

        if (facts.Target is { Kind: not FileKind.Directory })
        {
            return TaskPlan.Failure(OntoFile(arguments, facts, tree));
        }

        if (tree.FirstOrDefault(entry => entry.Here is not null && entry.State.Kind == FileKind.Directory != (entry.Here.Kind == FileKind.Directory) && entry.Here.Kind != FileKind.Link) is { } clash)
        {
            return TaskPlan.Failure($"{clash.Path} already exists as a {FileFacts.StateOf(clash.Here)}", ("path", clash.Path));
        }

        var plan = new AttributePlan(facts.Path);
        foreach (var missing in facts.Missing)
        {
            Make(plan, arguments, facts, missing, missing == facts.Top ? facts.SourceState : null);
        }

        foreach (var entry in tree)
        {
            Entry(plan, arguments, facts, entry);
        }

        if (arguments.RemoteSource)
        {
            // As in Ansible, the task's mode is for the folder itself: what is in it keeps its own.
            var top = facts.Missing.IsEmpty ? facts.Here! : new FileState(FileKind.Directory, NewFolder & ~facts.Wanted.Umask, 0, 0);
            plan.Adjust(facts.Path.TrimEnd('/'), top, facts.Wanted);
        }

        var path = arguments.RemoteSource ? facts.Path : facts.Path.TrimEnd('/') + "/";
        var result = Results.Of(("dest", path), ("src", facts.Source!));
        result = arguments.RemoteSource ? result.With("checksum", NullValue.None).With("md5sum", NullValue.None) : result;
        return new TaskPlan([.. plan.Changes], context.Diff ? result.With("diff", Diff(plan)) : result) { PathInfo = arguments.RemoteSource ? path : null };
    }

    private static string OntoFile(CopyArguments arguments, CopyFacts facts, ImmutableArray<CopyEntry> tree)
    {
        var first = tree.Where(entry => entry.State.Kind != FileKind.Directory).MinBy(entry => entry.Path.Count(c => c == '/'));
        return arguments.RemoteSource || first is null
            ? $"Could not replace file: b'{facts.Source}' to {facts.Path}: [Errno 20] Not a directory: b'{facts.Source}' -> b'{facts.Path}'"
            : $"Failed to get information on remote file ({first.Path}): Not a directory";
    }

    private static void Entry(AttributePlan plan, CopyArguments arguments, CopyFacts facts, CopyEntry entry)
    {
        switch (entry.State.Kind)
        {
            case FileKind.Directory when entry.Here is null:
                Make(plan, arguments, facts, entry.Path, entry.State);
                return;
            case FileKind.Directory:
                if (!arguments.RemoteSource && entry.Here!.Kind == FileKind.Directory)
                {
                    plan.Adjust(entry.Path, entry.Here, facts.Wanted with { Mode = arguments.DirectoryMode }, quiet: true);
                }

                return;
            case FileKind.Link:
                if (entry.Here?.LinkTarget != entry.State.LinkTarget)
                {
                    plan.Changes.Add(new CreateLink(entry.Path, entry.State.LinkTarget!));
                }

                return;
        }

        var wanted = Wanted(arguments, facts, entry);
        if (entry.IsSame || (entry.Here is not null && !arguments.Force))
        {
            if (entry.IsSame)
            {
                plan.Adjust(entry.Path, entry.Here!, wanted, quiet: true);
            }

            return;
        }

        var start = entry.Here is { Kind: FileKind.File } old ? old : new FileState(FileKind.File, NewFile & ~facts.Wanted.Umask, 0, 0);
        plan.Changes.Add(new CopyFile(entry.Source, entry.Path)
        {
            IsSourceBeside = !arguments.RemoteSource,
            Mode = wanted.ModeOn(start) ?? CopyPlans.WithoutSetId(start.Mode),
            Uid = wanted.Uid ?? start.Uid,
            Gid = wanted.Gid ?? start.Gid,
            Backup = arguments.Backup,
            Validate = arguments.Validate,
        });
    }

    /// <summary>A file of the machine keeps its mode, one beside the playbook gets what the task asks for.</summary>
    private static WantedAttributes Wanted(CopyArguments arguments, CopyFacts facts, CopyEntry entry) =>
        arguments.RemoteSource ? facts.Wanted with { Mode = (long)entry.State.Mode }
        : IsPreserved(arguments) ? facts.Wanted with { Mode = (long)entry.State.Mode }
        : facts.Wanted;

    private static bool IsPreserved(CopyArguments arguments) => arguments.Attributes.Mode is TextValue { Value: "preserve" };

    private static void Make(AttributePlan plan, CopyArguments arguments, CopyFacts facts, string path, FileState? source)
    {
        plan.Changes.Add(new CreateDirectory(path));
        var mode = !arguments.RemoteSource ? arguments.DirectoryMode
            : source is not null ? (Value)(long)source.Mode
            : arguments.Destination.EndsWith('/') && (facts.RealPath.TrimEnd('/') + "/").StartsWith(path + "/", StringComparison.Ordinal) ? arguments.DirectoryMode
            : null;
        var attributes = new AttributePlan(path);
        attributes.Set(path, new FileState(FileKind.Directory, NewFolder & ~facts.Wanted.Umask, 0, 0), facts.Wanted with { Mode = mode });
        plan.Changes.AddRange(attributes.Changes);
    }

    private static bool Walk(CopyArguments arguments, IHostReader from, IHostReader reader, string source, string destination, List<CopyEntry> entries, int depth)
    {
        foreach (var name in from.ListAsFound(source))
        {
            var path = Folders.In(source, name);
            var follows = !arguments.RemoteSource && arguments.FollowSource;
            if ((from.Stat(path, follows) ?? from.Stat(path, follow: false)) is not { Kind: not FileKind.Other } state)
            {
                continue;
            }

            var target = Folders.In(destination, name);
            var here = reader.Stat(target, follow: false);
            var same = state.Kind == FileKind.File && here is { Kind: FileKind.File } && here.Size == state.Size
                && from.Sha1(path).TryGet(out var one, out _) && reader.Sha1(target).TryGet(out var other, out _) && one == other;
            entries.Add(new CopyEntry(path, target, state, here, same));
            if (entries.Count > Most || depth > 100 || (state.Kind == FileKind.Directory && !Walk(arguments, from, reader, path, target, entries, depth + 1)))
            {
                return false;
            }
        }

        return true;
    }

    private static ListValue Diff(AttributePlan plan) => ListValue.Of(plan.Changes.OfType<CopyFile>().Select(copy => (Value)Results.Of(("before_header", copy.Path), ("after_header", copy.Source))));
}

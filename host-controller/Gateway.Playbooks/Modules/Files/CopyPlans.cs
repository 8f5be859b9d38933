using System.Text;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Plans of the <c>copy</c> module.</summary>
internal static class CopyPlans
{
    private const int NewFile = 0x1B6;
    private const int NewFolder = 0x1FF;
    private const int SetUser = 0x800;
    private const int SetGroup = 0x400;
    private const int GroupExecute = 0x8;
    private const int LargestDiff = 104_448;

    public static TaskPlan Plan(CopyArguments arguments, CopyFacts facts, ModuleContext context)
    {
        if (Refusal(arguments, facts, context) is { } refusal)
        {
            return refusal;
        }

        var source = (Value)(facts.Source is null ? NullValue.None : facts.Source);
        if (facts.Target is not null && !arguments.Force)
        {
            return TaskPlan.Nothing(arguments.RemoteSource
                ? Results.Of(("msg", "file already exists"), ("src", source), ("dest", facts.Path))
                : Results.Of(("dest", facts.Path), ("src", source)));
        }

        var isLink = facts.Here is { Kind: FileKind.Link };
        var same = facts.SourceSum == facts.HereSum && !(isLink && arguments.RemoteSource && !arguments.Follow);
        return same ? Same(arguments, facts, source) : Different(arguments, facts, context, source);
    }

    private static TaskPlan? Refusal(CopyArguments arguments, CopyFacts facts, ModuleContext context)
    {
        if (arguments.Checksum is { } sum && sum != facts.SourceSum && (arguments.RemoteSource || facts.SourceSum != facts.HereSum))
        {
            return TaskPlan.Failure("Copied file does not match the expected checksum. Transfer failed.", ("checksum", facts.SourceSum), ("expected_checksum", sum));
        }

        if (facts.Target is { Kind: FileKind.Directory })
        {
            return TaskPlan.Failure(arguments.Content is not null ? "can not use content with a dir as dest" : $"{facts.Path} is a folder");
        }

        if (facts.Hidden is { } hidden && !arguments.RemoteSource)
        {
            return TaskPlan.Failure($"Failed to get information on remote file ({facts.Path}): {hidden}");
        }

        if (!facts.FolderIsThere && facts.Missing.IsEmpty && !context.Check)
        {
            var folder = facts.Path[..Math.Max(facts.Path.LastIndexOf('/'), 1)];
            return arguments.RemoteSource
                ? TaskPlan.Failure($"Destination directory {folder} does not exist")
                : TaskPlan.Failure($"Destination directory {folder} does not exist", ("checksum", facts.SourceSum));
        }

        // In check mode nothing is written that could be given to anybody.
        return facts.Wanted.Problem is not null && context.Check && facts.Here is not null ? Unowned(facts, facts.Path) : null;
    }

    private static TaskPlan Same(CopyArguments arguments, CopyFacts facts, Value source)
    {
        var path = arguments.Follow ? facts.RealPath : facts.Path;
        if (facts.Wanted.Problem is not null)
        {
            return Unowned(facts, path);
        }

        var plan = new AttributePlan(path);
        plan.Adjust(path, (arguments.Follow ? facts.Target : facts.Here)!, facts.Wanted);
        var result = Results.Of(("checksum", facts.SourceSum), ("dest", path));
        result = arguments.RemoteSource
            ? result.With("src", source)
            : result.With("path", path).With("diff", plan.Diff);
        return new TaskPlan([.. plan.Changes], result) { PathInfo = path };
    }

    private static TaskPlan Different(CopyArguments arguments, CopyFacts facts, ModuleContext context, Value source)
    {
        var path = arguments.Follow ? facts.RealPath : facts.Path;
        var changes = new List<Change>();
        var folder = new FileState(FileKind.Directory, NewFolder & ~facts.Wanted.Umask, 0, 0);
        foreach (var missing in facts.Missing)
        {
            changes.Add(new CreateDirectory(missing));
            var wanted = facts.Wanted with { Mode = arguments.DirectoryMode };
            var attributes = new AttributePlan(missing);
            attributes.Set(missing, folder, wanted);
            changes.AddRange(attributes.Changes);
        }

        var wrong = facts.Wanted.Problem is null ? null : Unowned(facts, path).Result;
        changes.Add(Write(arguments, wrong is null ? facts : facts with { Wanted = facts.Wanted with { Mode = null } }, path));
        var diff = context.Diff && !arguments.RemoteSource ? ListValue.Of([Diff(facts, path)]) : ListValue.Empty;
        if (context.Check)
        {
            return new TaskPlan([.. changes], Results.Of(("changed", true), ("diff", diff)));
        }

        var result = Results.Of(("checksum", facts.SourceSum), ("dest", path), ("src", source));
        if (!arguments.RemoteSource)
        {
            result = result.With("md5sum", Hashes.Md5(facts.SourceContent.Span)).With("diff", diff);
        }

        // As in Ansible, content comes first: a mode or an owner that cannot be set fails the task when the file is there.
        return new TaskPlan([.. changes], result)
        {
            PathInfo = path,
            Report = outcomes => wrong is not null && outcomes[^1].Error is null ? wrong : Report(result, outcomes, arguments.RemoteSource ? null : facts.SourceSum),
        };
    }

    private static TaskPlan Unowned(CopyFacts facts, string path)
    {
        var failure = facts.Wanted.Failure(path);
        return failure with { Result = failure.Result.With("checksum", facts.SourceSum).With("changed", false) };
    }

    private static Change Write(CopyArguments arguments, CopyFacts facts, string path)
    {
        // What is replaced hands on its owner and mode; a link that is not followed is replaced by a new file.
        var replaced = arguments.Follow ? facts.Target : facts.Here is { Kind: FileKind.Link } ? null : facts.Here;
        var start = replaced ?? new FileState(FileKind.File, NewFile & ~facts.Wanted.Umask, 0, 0);
        var mode = facts.Wanted.ModeOn(start) ?? WithoutSetId(start.Mode);
        var (uid, gid) = (facts.Wanted.Uid ?? start.Uid, facts.Wanted.Gid ?? start.Gid);
        return arguments.RemoteSource
            ? new CopyFile(facts.Source!, path) { Mode = mode, Uid = uid, Gid = gid, Backup = arguments.Backup, Validate = arguments.Validate }
            : new WriteFile(path, facts.SourceContent) { Mode = mode, Uid = uid, Gid = gid, Backup = arguments.Backup, Validate = arguments.Validate };
    }

    /// <summary>New content does not inherit set-id bits, as the kernel drops them when a file changes owner (chown(2)).</summary>
    internal static int WithoutSetId(int mode) => mode & ~SetUser & ((mode & GroupExecute) != 0 ? ~SetGroup : ~0);

    private static DictValue Report(DictValue result, IReadOnlyList<ChangeOutcome> outcomes, string? sum)
    {
        if (outcomes[^1] is { Error: not null } failed)
        {
            var why = failed.ExitCode is { } status
                ? Results.Of(("failed", true), ("msg", "failed to validate"), ("exit_status", (long)status), ("stdout", failed.StandardOutput), ("stderr", failed.StandardError))
                : Results.Failed(failed);
            return sum is null ? why : why.With("checksum", sum);
        }

        return outcomes[^1].BackupFile is { } backup ? result.With("backup_file", backup) : result;
    }

    private static DictValue Diff(CopyFacts facts, string path)
    {
        var diff = DictValue.Empty;
        var before = facts.Before ?? default;
        diff = facts.Before is null || before.Length > LargestDiff ? diff.With("dst_larger", (long)LargestDiff)
            : before.Span.Contains((byte)0) ? diff.With("dst_binary", 1L)
            : diff.With("before_header", path).With("before", Encoding.UTF8.GetString(before.Span));
        return facts.SourceContent.Length > LargestDiff ? diff.With("src_larger", (long)LargestDiff)
            : facts.SourceContent.Span.Contains((byte)0) ? diff.With("src_binary", 1L)
            : diff.With("after_header", facts.Source ?? path).With("after", Encoding.UTF8.GetString(facts.SourceContent.Span));
    }
}

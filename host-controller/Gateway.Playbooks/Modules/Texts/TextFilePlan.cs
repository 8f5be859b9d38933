using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What an edited file becomes, and how that is reported: content in one write, else owner and mode alone.</summary>
/// <param name="facts">The file.</param>
/// <param name="context">Check mode and diff.</param>
internal sealed class TextFilePlan(TextFileFacts facts, ModuleContext context)
{
    private const int NewFile = 0x1B6;
    private const string AttributesChanged = "ownership, perms or SE linux context changed";

    private readonly AttributePlan attributes = new(facts.RealPath);

    public bool Backup { get; init; }

    public ImmutableArray<string> Validate { get; init; } = [];

    /// <summary>Under which name the backup is reported.</summary>
    public string BackupKey { get; init; } = "backup_file";

    /// <summary>Whether owner and mode have a diff of their own.</summary>
    public bool HasAttributeDiff { get; init; } = true;

    /// <summary>The plan for a file that shall hold a text; what is reported besides is given.</summary>
    public TaskPlan Make(string text, string message, DictValue result)
    {
        var written = facts.State is null || text != facts.Text;
        if (message.Length == 0)
        {
            written = false;
        }

        if (facts.Wanted.Problem is not null && !(context.Check && facts.State is null))
        {
            return Unowned(text, written);
        }

        var made = context.Check && facts.State is null;
        var adjusted = !made && (facts.State is not null || written) && Adjust();
        message = !adjusted ? message : message.Length == 0 ? AttributesChanged : $"{message} and {AttributesChanged}";
        result = result.With("msg", message);
        result = HasAttributeDiff || (written && context.Diff) ? result.With("diff", Diff(text, written, made)) : result;
        var changes = new List<Change>();
        if (written)
        {
            changes.AddRange(facts.MissingFolders.Select(folder => new CreateDirectory(folder)));
            changes.Add(Write(text));
        }
        else
        {
            changes.AddRange(attributes.Changes);
        }

        return new TaskPlan([.. changes], result) { Report = outcomes => Report(result, outcomes) };
    }

    /// <summary>Content comes first, as in Ansible: the task fails when it has been written.</summary>
    private TaskPlan Unowned(string text, bool written)
    {
        var failure = facts.Wanted.Failure(facts.RealPath);
        if (!written || context.Check)
        {
            return failure;
        }

        var write = Write(text);
        return new TaskPlan([.. facts.MissingFolders.Select(folder => new CreateDirectory(folder)), write], failure.Result)
        {
            Report = outcomes => outcomes[^1].Error is null ? failure.Result.With("changed", false) : Report(failure.Result, outcomes),
        };
    }

    private FileState Start => facts.State ?? new FileState(FileKind.File, NewFile & ~facts.Wanted.Umask, 0, 0);

    private bool Adjust()
    {
        attributes.Adjust(facts.RealPath, Start, facts.Wanted);
        return attributes.Changes.Count > 0;
    }

    private WriteFile Write(string text) => new(facts.RealPath, ByteText.Bytes(text))
    {
        Mode = (facts.Wanted.Problem is null ? facts.Wanted.ModeOn(Start) : null) ?? CopyPlans.WithoutSetId(Start.Mode),
        Uid = facts.Wanted.Uid ?? Start.Uid,
        Gid = facts.Wanted.Gid ?? Start.Gid,
        Backup = Backup,
        Validate = Validate,
    };

    private Value Diff(string text, bool written, bool made)
    {
        var shown = context.Diff && written;
        if (!HasAttributeDiff)
        {
            return Results.Of(("before_header", facts.Path), ("before", ByteText.Shown(facts.Text)), ("after_header", facts.Path), ("after", ByteText.Shown(text)));
        }

        var content = Results.Of(
            ("before", shown || (context.Diff && facts.State is not null) ? ByteText.Shown(facts.Text) : ""),
            ("after", shown || (context.Diff && facts.State is not null) ? ByteText.Shown(written ? text : facts.Text) : ""),
            ("before_header", $"{facts.Path} (content)"),
            ("after_header", $"{facts.Path} (content)"));
        if (made)
        {
            return content;
        }

        var headers = Results.Of(("before_header", $"{facts.Path} (file attributes)"), ("after_header", $"{facts.Path} (file attributes)"));
        return ListValue.Of([content, attributes.Changes.Count == 0 ? headers : WithoutPath(attributes.Diff).With(headers)]);
    }

    private static DictValue WithoutPath(DictValue diff) => DictValue.Of(diff.Entries.Select(side => new KeyValuePair<Value, Value>(
        side.Key, DictValue.Of(((DictValue)side.Value).Entries.Where(entry => entry.Key.ToString() != "path")))));

    private DictValue Report(DictValue result, ImmutableArray<ChangeOutcome> outcomes)
    {
        var last = outcomes[^1];
        if (last.Error is null)
        {
            return last.BackupFile is { } backup ? result.With(BackupKey, backup) : result;
        }

        return last.ExitCode is { } status && !Validate.IsEmpty
            ? Results.Of(("failed", true), ("msg", $"failed to validate: rc:{status} error:{last.StandardError}"))
            : Results.Failed(last);
    }
}

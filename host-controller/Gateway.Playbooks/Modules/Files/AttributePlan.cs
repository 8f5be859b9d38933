using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Collects changes of owner, group and mode, with what they were and will be.</summary>
internal sealed class AttributePlan(string path)
{
    private DictValue before = Results.Of(("path", path));
    private DictValue after = Results.Of(("path", path));

    public List<Change> Changes { get; } = [];

    public DictValue Diff => Results.Diff(before, after);

    /// <summary>Notes something that differs.</summary>
    public void Note(string key, Value was, Value willBe)
    {
        before = before.With(key, was);
        after = after.With(key, willBe);
    }

    /// <summary>Notes something about what was.</summary>
    public void NoteBefore(string key, Value was) => before = before.With(key, was);

    /// <summary>What is needed at a path that is there.</summary>
    public void Adjust(string at, FileState state, WantedAttributes wanted, bool quiet = false)
    {
        var uid = wanted.Uid is { } u && u != state.Uid ? wanted.Uid : null;
        var gid = wanted.Gid is { } g && g != state.Gid ? wanted.Gid : null;
        if (uid is not null || gid is not null)
        {
            Changes.Add(new SetOwner(at, uid, gid, Follow: false));
        }

        if (!quiet && uid is { } owner)
        {
            Note("owner", (long)state.Uid, (long)owner);
        }

        if (!quiet && gid is { } group)
        {
            Note("group", (long)state.Gid, (long)group);
        }

        AdjustMode(at, state, wanted, quiet, ownerChanges: uid is not null || gid is not null);
    }

    /// <summary>What is needed at a path that earlier changes make: everything that is asked for.</summary>
    public void Set(string at, FileState made, WantedAttributes wanted)
    {
        if (wanted.Uid is not null || wanted.Gid is not null)
        {
            Changes.Add(new SetOwner(at, wanted.Uid, wanted.Gid, Follow: false));
        }

        if (wanted.ModeOn(made) is { } mode)
        {
            Changes.Add(new SetMode(at, mode));
            if (mode != made.Mode)
            {
                Note("mode", Results.Mode(made.Mode), Results.Mode(mode));
            }
        }
    }

    private void AdjustMode(string at, FileState state, WantedAttributes wanted, bool quiet, bool ownerChanges)
    {
        // A link has no mode of its own on Linux, and the kernel drops set-id bits when the owner changes.
        if (state.Kind == FileKind.Link || wanted.ModeOn(state) is not { } mode || (mode == state.Mode && !(ownerChanges && (mode & 0xC00) != 0)))
        {
            return;
        }

        Changes.Add(new SetMode(at, mode));
        if (!quiet)
        {
            Note("mode", Results.Mode(state.Mode), Results.Mode(mode));
        }
    }
}

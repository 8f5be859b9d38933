using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>Where a task comes from, which decides where its files are looked for.</summary>
/// <param name="Folder">The folder of the file it stands in, relative to the playbook's; empty for that one.</param>
public sealed record Origin(string Folder)
{
    /// <summary>The playbook itself.</summary>
    public static Origin Playbook { get; } = new("");

    /// <summary>The folder of the play's own playbook, which an imported playbook brings along.</summary>
    public string Base { get; init; } = "";

    /// <summary>The role it belongs to; null for none.</summary>
    public Role? Role { get; init; }

    /// <summary>How many files include one another down to this one.</summary>
    public int Depth { get; init; }

    /// <summary>Folders in which the task's files are looked for, best first, before the playbook's own.</summary>
    public IEnumerable<string> SearchFolders => (Role is { } role ? role.Lineage.Select(one => one.Folder) : []).Append(Folder).Append(Base).Distinct(StringComparer.Ordinal);
}

/// <summary>A role as one entry of a play, a dependency or a task asks for it.</summary>
/// <param name="Name">As asked for.</param>
/// <param name="Folder">Where it lies, relative to the playbook.</param>
public sealed record Role(string Name, string Folder)
{
    /// <summary>Its defaults, those of its dependencies below them; not rendered.</summary>
    public DictValue Defaults { get; init; } = DictValue.Empty;

    /// <summary>Variables of its <c>vars/</c> and of whoever asks for it; not rendered.</summary>
    public DictValue Vars { get; init; } = DictValue.Empty;

    /// <summary>Other keys beside its name, which win over facts that are set.</summary>
    public DictValue Params { get; init; } = DictValue.Empty;

    /// <summary>The role that depends on it; null for none.</summary>
    public Role? Parent { get; init; }

    /// <summary>Whether its defaults and variables are seen by the whole play.</summary>
    public bool IsPublic { get; init; }

    /// <summary>It and the roles that depend on it, nearest first.</summary>
    public ImmutableArray<Role> Lineage => Parent is null ? [this] : [this, .. Parent.Lineage];
}

using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>What <c>import_playbook</c> hands to the plays it imports.</summary>
/// <param name="Folder">The folder of the imported playbook.</param>
internal sealed record PlaybookImport(string Folder)
{
    public static PlaybookImport None { get; } = new("");

    public ImmutableArray<Condition> When { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    public DictValue Vars { get; init; } = DictValue.Empty;

    public int Depth { get; init; }
}

namespace Gateway.Playbooks.Expressions;

/// <summary>A dictionary of names whose entries are looked up when one is asked for: <c>vars</c>, <c>hostvars</c>, <c>ansible_facts</c>. It never leaves an expression.</summary>
/// <param name="Find">An entry; null when there is none.</param>
/// <param name="Whole">All entries, for what walks over them.</param>
/// <param name="Renders">Whether templates in an entry are rendered when it is taken out.</param>
public sealed record LazyDictValue(Func<string, Value?> Find, Func<DictValue> Whole, bool Renders = false) : Value
{
    /// <summary>What a message about a missing entry calls it.</summary>
    public string Type { get; init; } = "dict object";

    public override string TypeName => "dict";
}

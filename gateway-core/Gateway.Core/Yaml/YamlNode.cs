using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Core.Yaml;

/// <summary>A node of a YAML document with its place; anchors are resolved, merge keys applied, duplicate keys refused.</summary>
public abstract record YamlNode(Position At, string? Tag)
{
    /// <summary>What a reader calls this kind of node: "a mapping", "a list", "a string" …</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar, not yet resolved to a type: its schema (YAML 1.2 core, or Ansible's 1.1) does that.</summary>
/// <param name="Text">The text after unescaping and folding.</param>
/// <param name="IsPlain">Whether it stood without quotes; only plain scalars can be anything but strings.</param>
/// <param name="At">Where it begins.</param>
/// <param name="Tag">An explicit tag such as <c>!!str</c> or <c>!unsafe</c>, or null.</param>
public sealed record YamlScalar(string Text, bool IsPlain, Position At, string? Tag) : YamlNode(At, Tag)
{
    public override string Kind => CoreSchema.IsNull(this) ? "nothing" : "a scalar";
}

/// <summary>A sequence.</summary>
public sealed record YamlSequence(ImmutableArray<YamlNode> Items, Position At, string? Tag) : YamlNode(At, Tag)
{
    public override string Kind => "a list";
}

/// <summary>A mapping in the order written; keys are scalars and unique.</summary>
public sealed record YamlMapping(ImmutableArray<YamlEntry> Entries, Position At, string? Tag) : YamlNode(At, Tag)
{
    public override string Kind => "a mapping";

    /// <summary>The value under a key, or null.</summary>
    public YamlNode? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.Key.Text == key)
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }
}

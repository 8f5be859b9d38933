using System.Diagnostics.CodeAnalysis;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Names assigned inside a template; an inner scope sees the outer ones and never changes them.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, Value> names = new(StringComparer.Ordinal);

    public bool TryGet(string name, [MaybeNullWhen(false)] out Value value)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.names.TryGetValue(name, out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The names of this scope alone.</summary>
    public Dictionary<string, Value> Own => names;

    public void Set(string name, Value value) => names[name] = value;

    private Scope? Outer { get; } = outer;
}

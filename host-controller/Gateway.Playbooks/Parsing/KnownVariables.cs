using System.Diagnostics.CodeAnalysis;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>Variables that are known before anything runs, the strongest first.</summary>
internal sealed class KnownVariables(IReadOnlyList<DictValue> layers) : IVariables
{
    public bool TryGet(string name, [MaybeNullWhen(false)] out Value value)
    {
        foreach (var layer in layers)
        {
            if (layer.TryGet(name, out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }
}

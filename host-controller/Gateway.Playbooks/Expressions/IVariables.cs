using System.Diagnostics.CodeAnalysis;

namespace Gateway.Playbooks.Expressions;

/// <summary>The variables an expression sees. Values may hold templates; they are rendered when they are used.</summary>
public interface IVariables
{
    /// <summary>The value of a variable; the answer for a name must not change while one template is rendered.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out Value value);
}

using System.Diagnostics.CodeAnalysis;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Expressions;

/// <summary>The variables an expression sees. Values may hold templates; they are rendered when they are used.</summary>
public interface IVariables
{
    /// <summary>The value of a variable; the answer for a name must not change while one template is rendered.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out Value value);

    /// <summary>The machine, for lookups and tests that look at it; null where there is none.</summary>
    public IHostReader? Machine => null;
}

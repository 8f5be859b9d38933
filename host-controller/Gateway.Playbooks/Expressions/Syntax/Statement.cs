using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>A part of a template and where it stands in it.</summary>
internal abstract record Statement(int At);

internal sealed record DataText(string Text, int At) : Statement(At);

internal sealed record Print(Expression Expression, int At) : Statement(At);

internal sealed record If(ImmutableArray<(Expression Condition, ImmutableArray<Statement> Body)> Branches, ImmutableArray<Statement> Else, int At) : Statement(At);

internal sealed record For(
    Expression Target, Expression Items, Expression? Condition, bool IsRecursive, ImmutableArray<Statement> Body, ImmutableArray<Statement> Else, int At) : Statement(At);

/// <summary>An assignment to a name, a tuple of names, or an attribute of a namespace.</summary>
internal sealed record Set(Expression Target, Expression Value, int At) : Statement(At);

internal sealed record SetBlock(Expression Target, Expression? Filter, ImmutableArray<Statement> Body, int At) : Statement(At);

internal sealed record With(ImmutableArray<(Expression Target, Expression Value)> Assignments, ImmutableArray<Statement> Body, int At) : Statement(At);

internal sealed record Macro(string Name, ImmutableArray<(string Name, Expression? Default)> Parameters, ImmutableArray<Statement> Body, int At) : Statement(At);

internal sealed record CallBlock(CallOf Call, Macro Caller, int At) : Statement(At);

internal sealed record FilterBlock(Expression Filter, ImmutableArray<Statement> Body, int At) : Statement(At);

/// <summary>Another template in this place; its name is an expression, or a list of names of which the first that is there counts.</summary>
internal sealed record Include(Expression Name, bool IgnoresMissing, int At) : Statement(At);

/// <summary>What another template defines: all of it under one name, or some names of it, each perhaps under another.</summary>
internal sealed record Import(Expression Name, string? As, ImmutableArray<(string Name, string As)> Names, int At) : Statement(At);

/// <summary>A parsed template.</summary>
internal sealed record Template(string Source, ImmutableArray<Statement> Body)
{
    /// <summary>The expression that the template is when it is <c>{{ x }}</c> alone.</summary>
    public Expression? Alone => Body is [Print print] ? print.Expression : null;
}

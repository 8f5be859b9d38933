using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>An expression and where it stands in the template.</summary>
internal abstract record Expression(int At);

internal sealed record Constant(Value Value, int At) : Expression(At);

internal sealed record NameOf(string Name, int At) : Expression(At);

internal sealed record AttributeOf(Expression Target, string Name, int At) : Expression(At);

internal sealed record ItemOf(Expression Target, Expression Key, int At) : Expression(At);

internal sealed record SliceOf(Expression? Start, Expression? Stop, Expression? Step, int At) : Expression(At);

internal sealed record TupleOf(ImmutableArray<Expression> Items, int At) : Expression(At);

internal sealed record ListOf(ImmutableArray<Expression> Items, int At) : Expression(At);

internal sealed record DictOf(ImmutableArray<(Expression Key, Expression Value)> Items, int At) : Expression(At);

internal sealed record CallOf(Expression Target, ArgumentList Arguments, int At) : Expression(At);

/// <summary>A filter; without a target it is that of a <c>{% filter %}</c> or <c>{% set %}</c> block, on the block's text.</summary>
internal sealed record FilterOf(Expression? Target, string Name, ArgumentList Arguments, int At) : Expression(At);

internal sealed record TestOf(Expression Target, string Name, ArgumentList Arguments, int At) : Expression(At);

internal sealed record Unary(string Operator, Expression Operand, int At) : Expression(At);

internal sealed record Binary(string Operator, Expression Left, Expression Right, int At) : Expression(At);

internal sealed record Concatenation(ImmutableArray<Expression> Parts, int At) : Expression(At);

internal sealed record Comparison(Expression First, ImmutableArray<(string Operator, Expression Operand)> Rest, int At) : Expression(At);

internal sealed record Conditional(Expression Condition, Expression Then, Expression? Else, int At) : Expression(At);

internal sealed record ArgumentList(
    ImmutableArray<Expression> Positional, ImmutableArray<(string Name, Expression Value)> Named, Expression? Rest, Expression? NamedRest)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);
}

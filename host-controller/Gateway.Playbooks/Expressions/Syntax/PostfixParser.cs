using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Filters;
using Gateway.Playbooks.Expressions.Tests;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>What follows an expression: attributes, subscripts, calls, filters and tests.</summary>
internal sealed class PostfixParser(TokenReader tokens, ExpressionParser expressions, PrimaryParser primaries)
{
    /// <summary>Attributes, subscripts and calls after an expression.</summary>
    public Expression Read(Expression node)
    {
        while (true)
        {
            if (tokens.Current.Is("."))
            {
                node = ReadAttribute(node);
            }
            else if (tokens.Current.Is("["))
            {
                node = ReadItem(node);
            }
            else if (tokens.Current.Is("("))
            {
                node = ReadCall(node);
            }
            else
            {
                return node;
            }
        }
    }

    private CallOf ReadCall(Expression node)
    {
        var at = tokens.Current.Offset;
        return new CallOf(node, ArgumentParser.Read(tokens, expressions), at);
    }

    private Expression ReadAttribute(Expression node)
    {
        var at = tokens.Take().Offset;
        var name = tokens.Take();
        return name.Kind switch
        {
            TokenKind.Name => new AttributeOf(node, name.Text, at),
            TokenKind.Integer => new ItemOf(node, new Constant(new IntValue(long.TryParse(name.Text, out var index) ? index : long.MaxValue), name.Offset), at),
            _ => throw Lexer.Wrong("expected name or number", name.Offset),
        };
    }

    private ItemOf ReadItem(Expression node)
    {
        var at = tokens.Take().Offset;
        var keys = ImmutableArray.CreateBuilder<Expression>();
        do
        {
            keys.Add(ReadSubscript());
        }
        while (tokens.Skip(","));

        tokens.Expect("]");
        return new ItemOf(node, keys.Count == 1 ? keys[0] : new TupleOf(keys.ToImmutable(), at), at);
    }

    private Expression ReadSubscript()
    {
        var at = tokens.Current.Offset;
        var start = tokens.Current.Is(":") ? null : expressions.Read();
        if (!tokens.Skip(":"))
        {
            return start!;
        }

        var stop = IsSubscriptEnd || tokens.Current.Is(":") ? null : expressions.Read();
        var step = tokens.Skip(":") && !IsSubscriptEnd ? expressions.Read() : null;
        return new SliceOf(start, stop, step, at);
    }

    private bool IsSubscriptEnd => tokens.Current.Is("]") || tokens.Current.Is(",");

    /// <summary>Filters and tests after an expression.</summary>
    public Expression ReadFilters(Expression node)
    {
        while (true)
        {
            if (tokens.Current.Is("|"))
            {
                tokens.Take();
                node = ReadFilter(node);
            }
            else if (tokens.Current.IsName("is"))
            {
                node = ReadTest(node);
            }
            else if (tokens.Current.Is("("))
            {
                node = ReadCall(node);
            }
            else
            {
                return node;
            }
        }
    }

    /// <summary>A filter's name and arguments; the bar is behind us.</summary>
    public FilterOf ReadFilter(Expression? node)
    {
        var at = tokens.Current.Offset;
        var name = ReadDottedName();
        if (FilterTable.Find(name) is null)
        {
            throw Lexer.Wrong(FilterTable.Unknown(name), at);
        }

        return new FilterOf(node, name, tokens.Current.Is("(") ? ArgumentParser.Read(tokens, expressions) : ArgumentList.Empty, at);
    }

    private string ReadDottedName()
    {
        List<string> parts = [tokens.Expect(TokenKind.Name).Text];
        while (tokens.Skip("."))
        {
            parts.Add(tokens.Expect(TokenKind.Name).Text);
        }

        return string.Join('.', parts);
    }

    private Expression ReadTest(Expression node)
    {
        tokens.Take();
        var isNegated = tokens.SkipName("not");
        var at = tokens.Current.Offset;
        var name = ReadDottedName();
        if (TestTable.Find(name) is null)
        {
            throw Lexer.Wrong(TestTable.Unknown(name), at);
        }

        var test = new TestOf(node, name, ReadTestArguments(), at);
        return isNegated ? new Unary("not", test, at) : test;
    }

    private ArgumentList ReadTestArguments()
    {
        var token = tokens.Current;
        if (token.Is("("))
        {
            return ArgumentParser.Read(tokens, expressions);
        }

        var isArgument = token.Kind is TokenKind.Name or TokenKind.Text or TokenKind.Integer or TokenKind.Float || token.Is("[") || token.Is("{");
        if (!isArgument || token.IsName("else") || token.IsName("or") || token.IsName("and"))
        {
            return ArgumentList.Empty;
        }

        return token.IsName("is")
            ? throw tokens.Wrong("You cannot chain multiple tests with is")
            : ArgumentList.Empty with { Positional = [Read(primaries.Read())] };
    }
}

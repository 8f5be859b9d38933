using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Jinja's expression grammar, operator by operator in its order of binding (jinja2/parser.py).</summary>
internal sealed class ExpressionParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private readonly TokenReader tokens;
    private readonly PrimaryParser primaries;
    private readonly PostfixParser postfixes;

    public ExpressionParser(TokenReader tokens)
    {
        this.tokens = tokens;
        primaries = new PrimaryParser(tokens, this);
        postfixes = new PostfixParser(tokens, this, primaries);
    }

    public Expression Read(bool withConditional = true)
    {
        tokens.Enter();
        var expression = withConditional ? ReadConditional() : ReadOr();
        tokens.Leave();
        return expression;
    }

    /// <summary>One expression, or a tuple when commas follow.</summary>
    public Expression ReadTuple(bool withConditional = true, bool inParentheses = false, string? endWord = null)
    {
        var at = tokens.Current.Offset;
        var items = ImmutableArray.CreateBuilder<Expression>();
        var isTuple = false;
        while (!tokens.IsTupleEnd(endWord))
        {
            items.Add(Read(withConditional));
            if (!tokens.Skip(","))
            {
                break;
            }

            isTuple = true;
        }

        if (isTuple)
        {
            return new TupleOf(items.ToImmutable(), at);
        }

        return items.Count == 1 ? items[0]
            : inParentheses ? new TupleOf([], at)
            : throw tokens.Wrong($"Expected an expression, got '{tokens.Current.Described}'");
    }

    private Expression ReadConditional()
    {
        var expression = ReadOr();
        while (tokens.Current.IsName("if"))
        {
            var at = tokens.Take().Offset;
            var condition = ReadOr();
            expression = new Conditional(condition, expression, tokens.SkipName("else") ? Read() : null, at);
        }

        return expression;
    }

    private Expression ReadOr()
    {
        var left = ReadAnd();
        while (tokens.Current.IsName("or"))
        {
            left = new Binary("or", left, Operand(ReadAnd, out var at), at);
        }

        return left;
    }

    private Expression ReadAnd()
    {
        var left = ReadNot();
        while (tokens.Current.IsName("and"))
        {
            left = new Binary("and", left, Operand(ReadNot, out var at), at);
        }

        return left;
    }

    private Expression ReadNot()
    {
        if (!tokens.Current.IsName("not"))
        {
            return ReadComparison();
        }

        tokens.Enter();
        var not = new Unary("not", Operand(ReadNot, out var at), at);
        tokens.Leave();
        return not;
    }

    private Expression ReadComparison()
    {
        var first = ReadSum();
        var at = tokens.Current.Offset;
        var rest = ImmutableArray.CreateBuilder<(string, Expression)>();
        while (true)
        {
            if (tokens.Current.Kind == TokenKind.Operator && Comparisons.Contains(tokens.Current.Text))
            {
                rest.Add((tokens.Take().Text, ReadSum()));
            }
            else if (tokens.SkipName("in"))
            {
                rest.Add(("in", ReadSum()));
            }
            else if (tokens.Current.IsName("not") && tokens.Next.IsName("in"))
            {
                tokens.Take();
                tokens.Take();
                rest.Add(("not in", ReadSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Comparison(first, rest.ToImmutable(), at);
            }
        }
    }

    private Expression ReadSum() => ReadLeft(ReadConcatenation, "+", "-");

    private Expression ReadConcatenation()
    {
        var at = tokens.Current.Offset;
        var first = ReadProduct();
        if (!tokens.Current.Is("~"))
        {
            return first;
        }

        var parts = ImmutableArray.CreateBuilder<Expression>();
        parts.Add(first);
        while (tokens.Skip("~"))
        {
            parts.Add(ReadProduct());
        }

        return new Concatenation(parts.ToImmutable(), at);
    }

    private Expression ReadProduct() => ReadLeft(ReadPower, "*", "/", "//", "%");

    private Expression ReadPower() => ReadLeft(() => ReadUnary(true), "**");

    private Expression ReadLeft(Func<Expression> operand, params ReadOnlySpan<string> operators)
    {
        var left = operand();
        while (tokens.Current.Kind == TokenKind.Operator && operators.Contains(tokens.Current.Text))
        {
            var op = tokens.Take();
            left = new Binary(op.Text, left, operand(), op.Offset);
        }

        return left;
    }

    private Expression Operand(Func<Expression> read, out int at)
    {
        at = tokens.Take().Offset;
        return read();
    }

    /// <summary>Filters after one another, with nothing before the first.</summary>
    public Expression ReadFilterChain()
    {
        Expression filter = postfixes.ReadFilter(null);
        while (tokens.Skip("|"))
        {
            filter = postfixes.ReadFilter(filter);
        }

        return filter;
    }

    private Expression ReadUnary(bool withFilters)
    {
        tokens.Enter();
        var token = tokens.Current;
        Expression node;
        if (token.Is("-") || token.Is("+"))
        {
            tokens.Take();
            node = new Unary(token.Text, ReadUnary(false), token.Offset);
        }
        else
        {
            node = primaries.Read();
        }

        node = postfixes.Read(node);
        node = withFilters ? postfixes.ReadFilters(node) : node;
        tokens.Leave();
        return node;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Gateway.Playbooks.Expressions.Filters;
using Gateway.Playbooks.Expressions.Tests;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Jinja's expression grammar, operator by operator in its order of binding (jinja2/parser.py).</summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

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
        while (!IsTupleEnd(endWord))
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

    /// <summary>A name or a tuple of names to assign to.</summary>
    public Expression ReadTarget(string? endWord = null)
    {
        var at = tokens.Current.Offset;
        var items = ImmutableArray.CreateBuilder<Expression>();
        var isTuple = false;
        while (!IsTupleEnd(endWord) && !tokens.Current.Is("="))
        {
            items.Add(ReadPrimaryTarget());
            if (!tokens.Skip(","))
            {
                break;
            }

            isTuple = true;
        }

        return items.Count == 0 ? throw tokens.Unexpected("name") : isTuple ? new TupleOf(items.ToImmutable(), at) : items[0];
    }

    private Expression ReadPrimaryTarget()
    {
        if (!tokens.Current.Is("("))
        {
            var name = tokens.Expect(TokenKind.Name);
            return name.Text is "true" or "false" or "none" or "True" or "False" or "None"
                ? throw Lexer.Wrong($"can't assign to '{name.Text}'", name.Offset)
                : new NameOf(name.Text, name.Offset);
        }

        tokens.Enter();
        tokens.Expect("(");
        var inner = ReadTarget();
        tokens.Expect(")");
        tokens.Leave();
        return inner;
    }

    private bool IsTupleEnd(string? endWord) =>
        tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd or TokenKind.End || tokens.Current.Is(")") || (endWord is not null && tokens.Current.IsName(endWord));

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
        var parts = ImmutableArray.Create(ReadProduct());
        while (tokens.Skip("~"))
        {
            parts = parts.Add(ReadProduct());
        }

        return parts.Length == 1 ? parts[0] : new Concatenation(parts, at);
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
            node = ReadPrimary();
        }

        node = ReadPostfix(node);
        node = withFilters ? ReadFilters(node) : node;
        tokens.Leave();
        return node;
    }

    /// <summary>A text or a number.</summary>
    public Expression ReadLiteral() => ReadPrimary();

    private Expression ReadPrimary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Take();
                return token.Text switch
                {
                    "true" or "True" => new Constant(BoolValue.True, token.Offset),
                    "false" or "False" => new Constant(BoolValue.False, token.Offset),
                    "none" or "None" => new Constant(NullValue.None, token.Offset),
                    _ => new NameOf(token.Text, token.Offset),
                };
            case TokenKind.Text:
                return ReadTexts();
            case TokenKind.Integer:
                tokens.Take();
                return long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer)
                    ? new Constant(new IntValue(integer), token.Offset)
                    : throw Lexer.Wrong("the number does not fit into 64 bits", token.Offset);
            case TokenKind.Float:
                tokens.Take();
                return new Constant(new FloatValue(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture)), token.Offset);
            case TokenKind.Operator when token.Text == "(":
                tokens.Take();
                var inner = ReadTuple(inParentheses: true);
                tokens.Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ReadList();
            case TokenKind.Operator when token.Text == "{":
                return ReadDict();
            default:
                throw tokens.Wrong($"unexpected '{token.Described}'");
        }
    }

    private Constant ReadTexts()
    {
        var token = tokens.Take();
        var text = token.Text;
        while (tokens.Current.Kind == TokenKind.Text)
        {
            text += tokens.Take().Text;
        }

        return new Constant(new TextValue(text), token.Offset);
    }

    private ListOf ReadList()
    {
        var at = tokens.Expect("[").Offset;
        var items = ImmutableArray.CreateBuilder<Expression>();
        while (!tokens.Current.Is("]"))
        {
            items.Add(Read());
            if (!tokens.Skip(","))
            {
                break;
            }
        }

        tokens.Expect("]");
        return new ListOf(items.ToImmutable(), at);
    }

    private DictOf ReadDict()
    {
        var at = tokens.Expect("{").Offset;
        var items = ImmutableArray.CreateBuilder<(Expression, Expression)>();
        while (!tokens.Current.Is("}"))
        {
            var key = Read();
            tokens.Expect(":");
            items.Add((key, Read()));
            if (!tokens.Skip(","))
            {
                break;
            }
        }

        tokens.Expect("}");
        return new DictOf(items.ToImmutable(), at);
    }

    private Expression ReadPostfix(Expression node)
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
        return new CallOf(node, ArgumentParser.Read(tokens, this), at);
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
        var start = tokens.Current.Is(":") ? null : Read();
        if (!tokens.Skip(":"))
        {
            return start!;
        }

        var stop = IsSubscriptEnd || tokens.Current.Is(":") ? null : Read();
        var step = tokens.Skip(":") && !IsSubscriptEnd ? Read() : null;
        return new SliceOf(start, stop, step, at);
    }

    private bool IsSubscriptEnd => tokens.Current.Is("]") || tokens.Current.Is(",");

    private Expression ReadFilters(Expression node)
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

        return new FilterOf(node, name, tokens.Current.Is("(") ? ArgumentParser.Read(tokens, this) : ArgumentList.Empty, at);
    }

    private string ReadDottedName()
    {
        var name = tokens.Expect(TokenKind.Name).Text;
        while (tokens.Skip("."))
        {
            name += "." + tokens.Expect(TokenKind.Name).Text;
        }

        return name;
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
            return ArgumentParser.Read(tokens, this);
        }

        var isArgument = token.Kind is TokenKind.Name or TokenKind.Text or TokenKind.Integer or TokenKind.Float || token.Is("[") || token.Is("{");
        if (!isArgument || token.IsName("else") || token.IsName("or") || token.IsName("and"))
        {
            return ArgumentList.Empty;
        }

        return token.IsName("is")
            ? throw tokens.Wrong("You cannot chain multiple tests with is")
            : ArgumentList.Empty with { Positional = [ReadPostfix(ReadPrimary())] };
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>What an expression is made of: names, texts, numbers, lists, dictionaries, and expressions in parentheses.</summary>
internal sealed class PrimaryParser(TokenReader tokens, ExpressionParser expressions)
{
    public Expression Read()
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
                var inner = expressions.ReadTuple(inParentheses: true);
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
        if (tokens.Current.Kind != TokenKind.Text)
        {
            return new Constant(new TextValue(token.Text), token.Offset);
        }

        var text = new StringBuilder(token.Text);
        while (tokens.Current.Kind == TokenKind.Text)
        {
            text.Append(tokens.Take().Text);
        }

        return new Constant(new TextValue(text.ToString()), token.Offset);
    }

    private ListOf ReadList()
    {
        var at = tokens.Expect("[").Offset;
        var items = ImmutableArray.CreateBuilder<Expression>();
        while (!tokens.Current.Is("]"))
        {
            items.Add(expressions.Read());
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
            var key = expressions.Read();
            tokens.Expect(":");
            items.Add((key, expressions.Read()));
            if (!tokens.Skip(","))
            {
                break;
            }
        }

        tokens.Expect("}");
        return new DictOf(items.ToImmutable(), at);
    }
}

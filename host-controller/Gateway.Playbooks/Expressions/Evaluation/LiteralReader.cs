using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>
/// Reads a text that looks like a Python or JSON literal, as Ansible does with rendered text (ast.literal_eval, with
/// <c>true</c>, <c>false</c> and <c>null</c> known). What is no literal stays a text.
/// </summary>
internal sealed class LiteralReader
{
    private readonly TokenReader tokens;
    private readonly Budget budget;

    private LiteralReader(TokenReader tokens, Budget budget)
    {
        this.tokens = tokens;
        this.budget = budget;
    }

    /// <summary>What a text is read as when it looks like a list, a dictionary or a truth value; else the text.</summary>
    public static Value Of(TextValue text, Budget budget) =>
        (text.Value.StartsWith('{') || text.Value.StartsWith('[') || text.Value is "True" or "False") && TryRead(text.Value, budget, out var literal) ? literal : text;

    private static bool TryRead(string text, Budget budget, [MaybeNullWhen(false)] out Value value)
    {
        value = null;
        try
        {
            // The delimiters of blocks cannot occur: they hold a character that no literal has outside its quotes.
            var options = new TemplateOptions(EscapeBackslashes: false) { VariableStart = "\u0001", VariableEnd = "\u0002", BlockStart = "\u0003", BlockEnd = "\u0003", CommentStart = "\u0004", CommentEnd = "\u0004" };
            budget.Step(1 + (text.Length / 4));
            var read = Lexer.Read("\u0001" + text.Replace("\r\n", "\n", StringComparison.Ordinal) + "\u0002", options);
            var reader = new TokenReader(read, budget.Limits.Depth);
            reader.Take();
            var literal = new LiteralReader(reader, budget).Read();
            if (reader.Current.Kind != TokenKind.VariableEnd || reader.Next.Kind != TokenKind.End)
            {
                return false;
            }

            value = literal;
            return true;
        }
        catch (TemplateException wrong) when (wrong.IsSyntax)
        {
            return false;
        }
    }

    private Value Read()
    {
        tokens.Enter();
        budget.Step();
        var token = tokens.Current;
        var value = token switch
        {
            { Kind: TokenKind.Name } => Named(tokens.Take()),
            { Kind: TokenKind.Text or TokenKind.Integer or TokenKind.Float } => Scalar(),
            _ when token.Is("-") || token.Is("+") => Signed(),
            _ when token.Is("[") => new ListValue(Items("[", "]", out _)),
            _ when token.Is("(") => Tuple(),
            _ when token.Is("{") => Dict(),
            _ => throw tokens.Wrong("no literal"),
        };
        tokens.Leave();
        return value;
    }

    private static Value Named(Token name) => name.Text switch
    {
        "True" or "true" => true,
        "False" or "false" => false,
        "None" or "null" => NullValue.None,
        _ => throw Lexer.Wrong("no literal", name.Offset),
    };

    private Value Scalar() => ((Constant)new PrimaryParser(tokens, new ExpressionParser(tokens)).Read()).Value;

    private Value Signed()
    {
        var sign = tokens.Take().Text;
        return Read() is (IntValue or FloatValue) and var number ? Operators.Negate(sign, number) : throw tokens.Wrong("no literal");
    }

    private ImmutableArray<Value> Items(string open, string close, out bool hasComma)
    {
        tokens.Expect(open);
        hasComma = false;
        var items = ImmutableArray.CreateBuilder<Value>();
        while (!tokens.Current.Is(close))
        {
            items.Add(Read());
            hasComma = tokens.Skip(",");
            if (!hasComma)
            {
                break;
            }
        }

        hasComma |= items.Count != 1;
        tokens.Expect(close);
        return items.ToImmutable();
    }

    private Value Tuple()
    {
        var items = Items("(", ")", out var isTuple);
        return isTuple ? new ListValue(items, true) : items[0];
    }

    private DictValue Dict()
    {
        tokens.Expect("{");
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<Value, Value>>();
        while (!tokens.Current.Is("}"))
        {
            var key = Read();
            if (key is ListValue { IsTuple: false } or DictValue)
            {
                throw tokens.Wrong("no literal");
            }

            tokens.Expect(":");
            entries.Add(new(key, Read()));
            if (!tokens.Skip(","))
            {
                break;
            }
        }

        tokens.Expect("}");
        return DictValue.Of(entries);
    }
}

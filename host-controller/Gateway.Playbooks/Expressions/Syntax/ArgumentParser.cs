using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Arguments of a call: <c>(a, *rest, name=b, **named)</c>.</summary>
internal static class ArgumentParser
{
    public static ArgumentList Read(TokenReader tokens, ExpressionParser expressions)
    {
        var at = tokens.Expect("(").Offset;
        var positional = ImmutableArray.CreateBuilder<Expression>();
        var named = ImmutableArray.CreateBuilder<(string Name, Expression Value)>();
        Expression? rest = null;
        Expression? namedRest = null;
        while (!tokens.Current.Is(")"))
        {
            if (tokens.Skip("*"))
            {
                Ensure(rest is null && namedRest is null, at);
                rest = expressions.Read();
            }
            else if (tokens.Skip("**"))
            {
                Ensure(namedRest is null, at);
                namedRest = expressions.Read();
            }
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Next.Is("="))
            {
                Ensure(namedRest is null, at);
                var name = tokens.Take();
                tokens.Take();
                Ensure(named.All(other => other.Name != name.Text), name.Offset);
                named.Add((name.Text, expressions.Read()));
            }
            else
            {
                Ensure(rest is null && namedRest is null && named.Count == 0, at);
                positional.Add(expressions.Read());
            }

            if (!tokens.Skip(","))
            {
                break;
            }
        }

        tokens.Expect(")");
        return new(positional.ToImmutable(), named.ToImmutable(), rest, namedRest);
    }

    private static void Ensure(bool isValid, int at)
    {
        if (!isValid)
        {
            throw Lexer.Wrong("invalid syntax for function call expression", at);
        }
    }
}

using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Parses the definitions of macros, and calls that hand them a body.</summary>
/// <param name="tokens">Behind the statement's first word.</param>
/// <param name="expressions">Reads expressions.</param>
/// <param name="readBody">Reads a body up to and with its end word.</param>
internal sealed class MacroParser(TokenReader tokens, ExpressionParser expressions, Func<string, ImmutableArray<Statement>> readBody)
{
    public Macro Read(int at)
    {
        var name = tokens.Expect(TokenKind.Name).Text;
        var parameters = ReadParameters();
        return new Macro(name, parameters, readBody("endmacro"), at);
    }

    private ImmutableArray<(string, Expression?)> ReadParameters()
    {
        var parameters = ImmutableArray.CreateBuilder<(string Name, Expression? Default)>();
        tokens.Expect("(");
        while (!tokens.Current.Is(")"))
        {
            if (parameters.Count > 0)
            {
                tokens.Expect(",");
            }

            var name = tokens.Expect(TokenKind.Name).Text;
            var byDefault = tokens.Skip("=") ? expressions.Read() : null;
            if (byDefault is null && parameters.Count > 0 && parameters[^1].Default is not null)
            {
                throw tokens.Wrong("non-default argument follows default argument");
            }

            parameters.Add((name, byDefault));
        }

        tokens.Expect(")");
        return parameters.ToImmutable();
    }

    /// <summary>A call of a macro that is given a body.</summary>
    public CallBlock ReadCall(int at)
    {
        var parameters = tokens.Current.Is("(") ? ReadParameters() : [];
        var call = expressions.Read() as CallOf ?? throw Lexer.Wrong("expected call", at);
        return new CallBlock(call, new Macro("caller", parameters, readBody("endcall"), at), at);
    }
}

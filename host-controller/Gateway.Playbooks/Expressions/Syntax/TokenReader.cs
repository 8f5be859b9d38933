using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Walks over tokens; knows how deep the parser is.</summary>
internal sealed class TokenReader(ImmutableArray<Token> tokens, int deepest)
{
    private int at;
    private int depth;

    public Token Current => tokens[at];

    public Token Next => tokens[Math.Min(at + 1, tokens.Length - 1)];

    public Token Take()
    {
        var token = tokens[at];
        at = Math.Min(at + 1, tokens.Length - 1);
        return token;
    }

    public bool Skip(string op)
    {
        var there = Current.Is(op);
        if (there)
        {
            Take();
        }

        return there;
    }

    public bool SkipName(string name)
    {
        var there = Current.IsName(name);
        if (there)
        {
            Take();
        }

        return there;
    }

    public Token Expect(string op) => Current.Is(op) ? Take() : throw Unexpected(op);

    public Token Expect(TokenKind kind) => Current.Kind == kind ? Take() : throw Unexpected(new Token(kind, kind.ToString().ToLowerInvariant(), 0).Described);

    public Token ExpectName(string name) => Current.IsName(name) ? Take() : throw Unexpected(name);

    /// <summary>Whether a list of expressions without brackets ends here.</summary>
    public bool IsTupleEnd(string? endWord) =>
        Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd or TokenKind.End || Current.Is(")") || (endWord is not null && Current.IsName(endWord));

    public TemplateException Unexpected(string expected) => Current.Kind == TokenKind.End
        ? Wrong($"unexpected end of template, expected '{expected}'.")
        : Wrong($"expected token '{expected}', got '{Current.Described}'");

    public TemplateException Wrong(string message) => Lexer.Wrong(message, Current.Offset);

    /// <summary>Enters a nesting; the result is given to <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (++depth > deepest)
        {
            throw Wrong($"is nested more than {deepest} deep");
        }
    }

    public void Leave() => depth--;
}

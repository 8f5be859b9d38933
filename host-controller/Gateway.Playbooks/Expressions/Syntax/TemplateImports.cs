using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Reads the statements that name other templates.</summary>
internal sealed class TemplateImports(TokenReader tokens, ExpressionParser expressions)
{
    public Include ReadInclude(int at)
    {
        var name = expressions.Read();
        var ignores = tokens.Current.IsName("ignore") && tokens.Next.IsName("missing");
        if (ignores)
        {
            tokens.Take();
            tokens.Take();
        }

        SkipContext();
        return new Include(name, ignores, at);
    }

    public Import ReadImport(int at)
    {
        var name = expressions.Read();
        tokens.ExpectName("as");
        var alias = tokens.Expect(TokenKind.Name).Text;
        SkipContext();
        return new Import(name, alias, [], at);
    }

    public Import ReadFrom(int at)
    {
        var name = expressions.Read();
        tokens.ExpectName("import");
        var names = ImmutableArray.CreateBuilder<(string, string)>();
        while (tokens.Current.Kind == TokenKind.Name && !IsContext)
        {
            var imported = tokens.Take().Text;
            names.Add((imported, tokens.SkipName("as") ? tokens.Expect(TokenKind.Name).Text : imported));
            if (!tokens.Skip(","))
            {
                break;
            }
        }

        SkipContext();
        return names.Count == 0 ? throw tokens.Unexpected("name") : new Import(name, null, names.ToImmutable(), at);
    }

    private bool IsContext => (tokens.Current.IsName("with") || tokens.Current.IsName("without")) && tokens.Next.IsName("context");

    private void SkipContext()
    {
        if (IsContext)
        {
            tokens.Take();
            tokens.Take();
        }
    }
}

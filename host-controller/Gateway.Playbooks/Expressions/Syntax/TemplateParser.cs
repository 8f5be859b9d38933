using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Parses templates and bare expressions; templates do not inherit from one another.</summary>
internal sealed class TemplateParser
{
    private readonly TokenReader tokens;
    private readonly ExpressionParser expressions;
    private readonly MacroParser macros;
    private readonly TargetParser targets;

    private TemplateParser(ImmutableArray<Token> read, int deepest)
    {
        tokens = new TokenReader(read, deepest);
        expressions = new ExpressionParser(tokens);
        targets = new TargetParser(tokens);
        macros = new MacroParser(tokens, expressions, ReadWhole);
    }

    /// <summary>Parses a template; one line break at its end is dropped, as Jinja does.</summary>
    public static Template Parse(string source, TemplateOptions options, int deepest)
    {
        var text = source.ReplaceLineEndings("\n");
        var parser = new TemplateParser(Lexer.Read(text.EndsWith('\n') ? text[..^1] : text, options), deepest);
        var body = parser.ReadBody([]);
        return new Template(text, body);
    }

    /// <summary>Parses a bare expression.</summary>
    /// <param name="source">The expression without braces.</param>
    /// <param name="verbatim">Whether backslashes in its texts stand for themselves.</param>
    /// <param name="deepest">How deep it may be nested.</param>
    public static Template ParseExpression(string source, bool verbatim, int deepest)
    {
        const string open = "{{ ";
        var options = new TemplateOptions(EscapeBackslashes: verbatim);
        try
        {
            var parser = new TemplateParser(Lexer.Read(open + source.ReplaceLineEndings("\n") + " }}", options), deepest);
            var body = parser.ReadBody([]);
            return body is [Print] ? new Template(source, body) : throw Lexer.Wrong("one expression is expected", open.Length);
        }
        catch (TemplateException wrong)
        {
            wrong.Offset = Math.Clamp(wrong.Offset - open.Length, 0, source.Length);
            throw;
        }
    }

    /// <summary>Statements up to a block that begins with one of the words; the word is the current token then.</summary>
    private ImmutableArray<Statement> ReadBody(ReadOnlySpan<string> ends)
    {
        var body = ImmutableArray.CreateBuilder<Statement>();
        while (true)
        {
            var token = tokens.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new DataText(token.Text, token.Offset));
                    break;
                case TokenKind.VariableBegin:
                    body.Add(new Print(expressions.ReadTuple(), token.Offset));
                    tokens.Expect(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin when tokens.Current.Kind == TokenKind.Name && ends.Contains(tokens.Current.Text):
                    return body.ToImmutable();
                case TokenKind.BlockBegin:
                    body.AddRange(ReadStatement());
                    tokens.Expect(TokenKind.BlockEnd);
                    break;
                case TokenKind.End when ends.Length == 0:
                    return body.ToImmutable();
                default:
                    throw tokens.Wrong($"Unexpected end of template. Jinja was looking for the following tags: '{string.Join("' or '", ends)}'.");
            }
        }
    }

    private ImmutableArray<Statement> ReadBlock(params ReadOnlySpan<string> ends)
    {
        tokens.Skip(":");
        tokens.Expect(TokenKind.BlockEnd);
        tokens.Enter();
        var body = ReadBody(ends);
        tokens.Leave();
        return body;
    }

    /// <summary>A block whose one end word is taken.</summary>
    private ImmutableArray<Statement> ReadWhole(string end)
    {
        var body = ReadBlock(end);
        tokens.Take();
        return body;
    }

    private ImmutableArray<Statement> ReadStatement()
    {
        var word = tokens.Expect(TokenKind.Name);
        return word.Text switch
        {
            "if" => [ReadIf(word.Offset)],
            "for" => [ReadFor(word.Offset)],
            "set" => [ReadSet(word.Offset)],
            "with" => [ReadWith(word.Offset)],
            "macro" => [macros.Read(word.Offset)],
            "call" => [macros.ReadCall(word.Offset)],
            "filter" => [new FilterBlock(expressions.ReadFilterChain(), ReadWhole("endfilter"), word.Offset)],
            "print" => ReadPrints(),
            "include" => [new TemplateImports(tokens, expressions).ReadInclude(word.Offset)],
            "import" => [new TemplateImports(tokens, expressions).ReadImport(word.Offset)],
            "from" => [new TemplateImports(tokens, expressions).ReadFrom(word.Offset)],
            "extends" or "block" =>
                throw Lexer.Wrong($"'{{% {word.Text} %}}' is not supported: templates do not inherit from one another; use include", word.Offset),
            "autoescape" or "do" or "break" or "continue" or "trans" or "debug" =>
                throw Lexer.Wrong($"'{{% {word.Text} %}}' is not supported: it needs a Jinja extension that Ansible does not load either", word.Offset),
            _ => throw Lexer.Wrong($"Encountered unknown tag '{word.Text}'.", word.Offset),
        };
    }

    private If ReadIf(int at)
    {
        var branches = ImmutableArray.CreateBuilder<(Expression, ImmutableArray<Statement>)>();
        while (true)
        {
            var condition = expressions.ReadTuple(withConditional: false);
            branches.Add((condition, ReadBlock("elif", "else", "endif")));
            switch (tokens.Take().Text)
            {
                case "elif":
                    continue;
                case "else":
                    return new If(branches.ToImmutable(), ReadWhole("endif"), at);
                default:
                    return new If(branches.ToImmutable(), [], at);
            }
        }
    }

    private For ReadFor(int at)
    {
        var target = targets.Read("in");
        tokens.ExpectName("in");
        var items = expressions.ReadTuple(withConditional: false, endWord: "recursive");
        var condition = tokens.SkipName("if") ? expressions.Read() : null;
        var isRecursive = tokens.SkipName("recursive");
        var body = ReadBlock("endfor", "else");
        return new For(target, items, condition, isRecursive, body, tokens.Take().Text == "else" ? ReadWhole("endfor") : [], at);
    }

    private Statement ReadSet(int at)
    {
        Expression target;
        if (tokens.Current.Kind == TokenKind.Name && tokens.Next.Is("."))
        {
            var name = tokens.Take();
            tokens.Take();
            target = new AttributeOf(new NameOf(name.Text, name.Offset), tokens.Expect(TokenKind.Name).Text, name.Offset);
        }
        else
        {
            target = targets.Read();
        }

        if (tokens.Skip("="))
        {
            return new Set(target, expressions.ReadTuple(), at);
        }

        var filter = tokens.Skip("|") ? expressions.ReadFilterChain() : null;
        return new SetBlock(target, filter, ReadWhole("endset"), at);
    }

    private With ReadWith(int at)
    {
        var assignments = ImmutableArray.CreateBuilder<(Expression, Expression)>();
        while (tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (assignments.Count > 0)
            {
                tokens.Expect(",");
            }

            var target = targets.Read();
            tokens.Expect("=");
            assignments.Add((target, expressions.Read()));
        }

        return new With(assignments.ToImmutable(), ReadWhole("endwith"), at);
    }

    private ImmutableArray<Statement> ReadPrints()
    {
        var prints = ImmutableArray.CreateBuilder<Statement>();
        while (tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (prints.Count > 0)
            {
                tokens.Expect(",");
            }

            var at = tokens.Current.Offset;
            prints.Add(new Print(expressions.Read(), at));
        }

        return prints.ToImmutable();
    }
}

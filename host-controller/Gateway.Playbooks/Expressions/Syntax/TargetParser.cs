using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Parses what <c>set</c>, <c>with</c> and <c>for</c> assign to.</summary>
internal sealed class TargetParser(TokenReader tokens)
{
    /// <summary>A name or a tuple of names to assign to.</summary>
    public Expression Read(string? endWord = null)
    {
        var at = tokens.Current.Offset;
        var items = ImmutableArray.CreateBuilder<Expression>();
        var isTuple = false;
        while (!tokens.IsTupleEnd(endWord) && !tokens.Current.Is("="))
        {
            items.Add(ReadOne());
            if (!tokens.Skip(","))
            {
                break;
            }

            isTuple = true;
        }

        return items.Count == 0 ? throw tokens.Unexpected("name") : isTuple ? new TupleOf(items.ToImmutable(), at) : items[0];
    }

    private Expression ReadOne()
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
        var inner = Read();
        tokens.Expect(")");
        tokens.Leave();
        return inner;
    }
}

using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>
/// What a value that is one expression gives, as in ansible-core 2.14: a variable keeps its type; anything else goes through
/// its text, which is a list, a dictionary or a truth value again when it looks like one (ansible/template/native_helpers.py).
/// </summary>
internal sealed class LoneValue(VariableResolver resolver, Budget budget)
{
    public Value Of(string source, Expression alone, Value value) => value switch
    {
        UndefinedValue => "",
        CallableValue or ObjectValue or NamespaceValue => throw new TemplateException($"a {value.TypeName} is not a value", alone.At),
        BoolValue or OmitValue or TextValue { StaysText: true } => value,
        TextValue text => LiteralReader.Of(text, budget),
        IntValue or FloatValue or NullValue when alone is NameOf name && IsName(source, name.Name) && resolver.IsPlain(name.Name) => value,
        NullValue => "",
        ListValue { IsTuple: false } or DictValue when IsLiteral(value) => value.AsMade(),
        ViewValue view => Of(source, alone, new ListValue(view.Items)),
        _ => budget.Text(budget.Str(value)),
    };

    /// <summary>Whether a template is a name in braces and nothing else, no dash beside the braces either.</summary>
    private static bool IsName(string source, string name)
    {
        var text = source.AsSpan();
        text = text.EndsWith("\n") ? text[..^1] : text;
        return text.Length > 4 && text[2..^2].Trim().SequenceEqual(name);
    }

    /// <summary>Whether Python could read the value's text back.</summary>
    private bool IsLiteral(Value value)
    {
        budget.Step();
        return value switch
        {
            ListValue list => list.Items.All(IsLiteral),
            DictValue dict => dict.Entries.All(entry => IsLiteral(entry.Key) && IsLiteral(entry.Value)),
            FloatValue number => double.IsFinite(number.Value),
            _ => value is TextValue or IntValue or BoolValue or NullValue or OmitValue,
        };
    }
}

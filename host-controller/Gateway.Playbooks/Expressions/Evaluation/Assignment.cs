using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>What <c>set</c>, <c>with</c> and <c>for</c> do with their targets.</summary>
internal static class Assignment
{
    /// <summary>Assigns to a name, to each of a tuple of names, or to an attribute of a namespace.</summary>
    public static void Make(Evaluator evaluator, Expression target, Value value)
    {
        switch (target)
        {
            case NameOf name:
                evaluator.Scope.Set(name.Name, value);
                break;
            case AttributeOf { Target: NameOf name } attribute:
                var names = evaluator.Evaluate(name) as NamespaceValue
                    ?? throw new TemplateException("cannot assign attribute on non-namespace object", attribute.At);
                names.Attributes[attribute.Name] = value is ViewValue or TextValue or ListValue or DictValue ? evaluator.Budget.Made(value) : value;
                break;
            case TupleOf tuple:
                var items = Items.Of(value, evaluator.Budget);
                if (items.Length != tuple.Items.Length)
                {
                    throw new TemplateException(items.Length < tuple.Items.Length
                        ? $"not enough values to unpack (expected {tuple.Items.Length}, got {items.Length})"
                        : $"too many values to unpack (expected {tuple.Items.Length})", tuple.At);
                }

                for (var i = 0; i < items.Length; i++)
                {
                    Make(evaluator, tuple.Items[i], items[i]);
                }

                break;
        }
    }
}

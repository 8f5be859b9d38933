using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>What Jinja's filters do with <c>attribute=</c>: a dotted path into each item.</summary>
internal static class Getter
{
    /// <summary>Reads the path; nothing given reads the item itself.</summary>
    public static Func<Value, Value> Of(Evaluator evaluator, Value? attribute, Value? byDefault = null)
    {
        var parts = Parts(attribute);
        return item =>
        {
            foreach (var part in parts)
            {
                item = Items.Item(item, part, evaluator.Budget);
                item = item is UndefinedValue && byDefault is not null and not NullValue ? byDefault : item;
            }

            return item;
        };
    }

    private static ImmutableArray<Value> Parts(Value? attribute) => attribute switch
    {
        null or NullValue => [],
        TextValue path => [.. path.Value.Split('.').Select(part => part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit) ? (Value)long.Parse(part) : part)],
        _ => [Operators.Defined(attribute)],
    };

    /// <summary>Texts in lower case, as filters compare unless told otherwise.</summary>
    public static Value IgnoreCase(Value value) => value is TextValue text ? text.Value.ToLowerInvariant() : Operators.Defined(value);

    /// <summary>A stable sort by keys in Python's order.</summary>
    public static ImmutableArray<Value> Sort(Evaluator evaluator, ImmutableArray<Value> items, Func<Value, Value> key, bool isReverse)
    {
        evaluator.Budget.Step(items.Length * 20L);
        return Sort(items, key, isReverse, () => evaluator.Budget.Step());
    }

    /// <summary>The same for anything that has a key.</summary>
    public static ImmutableArray<T> Sort<T>(ImmutableArray<T> items, Func<T, Value> key, bool isReverse = false, Action? step = null)
    {
        var order = Comparer<Value>.Create((a, b) =>
        {
            step?.Invoke();
            return Operators.Order(a, b);
        });
        try
        {
            return [.. isReverse ? items.OrderByDescending(key, order) : items.OrderBy(key, order)];
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is TemplateException wrong)
        {
            // Python looks at neighbours first, the later of them before the earlier.
            for (var at = 1; at < items.Length; at++)
            {
                Operators.Order(key(items[at]), key(items[at - 1]));
            }

            ExceptionDispatchInfo.Throw(wrong);
            throw;
        }
    }
}

using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Runs a <c>{% for %}</c> with its <c>loop</c> object (jinja.palletsprojects.com, "List of Control Structures").</summary>
internal sealed class LoopRunner(Evaluator evaluator, Renderer renderer, For loop)
{
    private readonly Scope outer = evaluator.Scope;

    public void Run() => Run(evaluator.Evaluate(loop.Items), 0);

    private void Run(Value over, int depth)
    {
        var items = Chosen(Items.Of(over, evaluator.Budget));
        if (items.Length == 0)
        {
            renderer.Within(new Scope(outer), loop.Else);
            return;
        }

        Value? changed = null;
        for (var i = 0; i < items.Length; i++)
        {
            evaluator.Budget.Step();
            var scope = new Scope(outer);
            Bind(scope, items[i]);
            var state = new ObjectValue("LoopContext", LoopAttributes(items, i, depth, value => Changed(ref changed, value)), (_, arguments) => Again(arguments, depth));
            scope.Set("loop", state);
            renderer.Within(scope, loop.Body);
        }
    }

    private ImmutableArray<Value> Chosen(ImmutableArray<Value> items)
    {
        if (loop.Condition is not { } condition)
        {
            return items;
        }

        var chosen = ImmutableArray.CreateBuilder<Value>();
        foreach (var item in items)
        {
            var scope = new Scope(outer);
            Bind(scope, item);
            evaluator.Scope = scope;
            if (evaluator.IsTrue(condition))
            {
                chosen.Add(item);
            }

            evaluator.Scope = outer;
        }

        return chosen.ToImmutable();
    }

    private void Bind(Scope scope, Value item)
    {
        evaluator.Scope = scope;
        renderer.Assign(loop.Target, item);
        evaluator.Scope = outer;
    }

    private Value Again(Arguments arguments, int depth)
    {
        if (!loop.IsRecursive)
        {
            throw new TemplateException("The loop must have the 'recursive' marker to be called recursively.");
        }

        var over = arguments.Bind("loop()", 1, "iterable")[0]!;
        var here = evaluator.Scope;
        evaluator.Scope = outer;
        var text = renderer.Captured(() => Run(over, depth + 1));
        evaluator.Scope = here;
        return text;
    }

    private static bool Changed(ref Value? last, Value value)
    {
        var isChanged = last is null || !PythonEquality.Instance.Equals(last, value);
        last = value;
        return isChanged;
    }

    private static Func<string, Value?> LoopAttributes(ImmutableArray<Value> items, int i, int depth, Func<Value, bool> changed) => name => name switch
    {
        "index" => i + 1L,
        "index0" => (long)i,
        "revindex" => (long)(items.Length - i),
        "revindex0" => (long)(items.Length - i - 1),
        "first" => i == 0,
        "last" => i == items.Length - 1,
        "length" => (long)items.Length,
        "depth" => depth + 1L,
        "depth0" => (long)depth,
        "previtem" => i > 0 ? items[i - 1] : new UndefinedValue("there is no previous item"),
        "nextitem" => i < items.Length - 1 ? items[i + 1] : new UndefinedValue("there is no next item"),
        "cycle" => new CallableValue("cycle", (_, arguments) => arguments.Positional.Length == 0
            ? throw new TemplateException("no items for cycling given")
            : arguments.Positional[i % arguments.Positional.Length]),
        "changed" => new CallableValue("changed", (_, arguments) => changed(new ListValue(arguments.Positional, true))),
        _ => null,
    };
}

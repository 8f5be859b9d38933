using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Filters;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;
using Gateway.Playbooks.Expressions.Tests;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Evaluates expressions to values. One evaluator serves one rendering and the variables rendered on its way.</summary>
internal sealed class Evaluator(VariableResolver resolver, Budget budget)
{
    public Budget Budget => budget;

    public VariableResolver Resolver => resolver;

    public Scope Scope { get; set; } = new(null);

    public Value Evaluate(Expression expression)
    {
        budget.Step();
        budget.Enter();
        try
        {
            return budget.Made(EvaluateKind(expression));
        }
        catch (TemplateException wrong) when (wrong.Offset < 0)
        {
            wrong.Offset = expression.At;
            throw;
        }
        finally
        {
            budget.Leave();
        }
    }

    /// <summary>Python's truth; of what is undefined there is none.</summary>
    public bool IsTrue(Expression expression) => Operators.Judged(Evaluate(expression)).IsTrue;

    private Value EvaluateKind(Expression expression) => expression switch
    {
        Constant constant => constant.Value,
        NameOf name => Scope.TryGet(name.Name, out var local) ? local : resolver.Get(name.Name),
        AttributeOf attribute => OfLazy(attribute.Target, attribute.Name) ?? Items.Attribute(Evaluate(attribute.Target), attribute.Name, budget),
        ItemOf item => Item(item),
        TupleOf tuple => new ListValue([.. tuple.Items.Select(Evaluate)], IsTuple: true),
        ListOf list => new ListValue([.. list.Items.Select(Evaluate)]),
        DictOf dict => DictValue.Of(dict.Items.Select(pair => new KeyValuePair<Value, Value>(Operators.Hashable(Evaluate(pair.Key)), Evaluate(pair.Value)))),
        CallOf call => Call(Evaluate(call.Target), Arguments(call.Arguments)),
        FilterOf filter => Filter(filter.Name, Evaluate(filter.Target!), Arguments(filter.Arguments)),
        TestOf test => Test(test.Name, Evaluate(test.Target), Arguments(test.Arguments)),
        Unary { Operator: "not" } not => !IsTrue(not.Operand),
        Unary unary => Operators.Negate(unary.Operator, Evaluate(unary.Operand)),
        Binary { Operator: "and" } and => Operators.Judged(Evaluate(and.Left)) is { IsTrue: false } left ? left : Evaluate(and.Right),
        Binary { Operator: "or" } or => Operators.Judged(Evaluate(or.Left)) is { IsTrue: true } left ? left : Evaluate(or.Right),
        Binary binary => Operators.Apply(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right), budget),
        Concatenation parts => budget.Text(string.Concat(parts.Parts.Select(part => budget.Str(Evaluate(part))))),
        Comparison comparison => Compare(comparison),
        Conditional conditional => Choose(conditional),
        _ => throw new TemplateException("a slice stands only in square brackets"),
    };

    /// <summary>What is taken out of a dictionary that is not to be walked over; null when it is none.</summary>
    private Value? OfLazy(Expression target, string name) => Lazy(target) is not { } lazy ? null
        : lazy.Find(name) is { } found ? resolver.Take(lazy, found)
        : MethodTable.Find(DictValue.Empty, name) is not null ? null
        : new UndefinedValue($"'{lazy.Type}' has no attribute {PythonText.Quoted(name)}");

    private LazyDictValue? Lazy(Expression expression) => expression switch
    {
        NameOf name => Scope.TryGet(name.Name, out _) ? null : resolver.Lazy(name.Name),
        AttributeOf attribute => Lazy(attribute.Target)?.Find(attribute.Name) as LazyDictValue,
        ItemOf { Key: Constant { Value: TextValue key } } item => Lazy(item.Target)?.Find(key.Value) as LazyDictValue,
        _ => null,
    };

    private Value Item(ItemOf item)
    {
        if (item.Key is not SliceOf && Lazy(item.Target) is not null && Evaluate(item.Key) is TextValue name && OfLazy(item.Target, name.Value) is { } taken)
        {
            return taken;
        }

        var target = Evaluate(item.Target);
        return item.Key is SliceOf slice
            ? Items.Slice(target, Optional(slice.Start), Optional(slice.Stop), Optional(slice.Step), budget)
            : Items.Item(target, Evaluate(item.Key), budget);
    }

    private Value? Optional(Expression? expression) => expression is null ? null : Evaluate(expression);

    private BoolValue Compare(Comparison comparison)
    {
        var left = Evaluate(comparison.First);
        foreach (var (op, operand) in comparison.Rest)
        {
            var right = Evaluate(operand);
            if (!Operators.Compare(op, left, right, budget))
            {
                return BoolValue.False;
            }

            left = right;
        }

        return BoolValue.True;
    }

    private Value Choose(Conditional conditional)
    {
        if (IsTrue(conditional.Condition))
        {
            return Evaluate(conditional.Then);
        }

        return conditional.Else is { } otherwise
            ? Evaluate(otherwise)
            : new UndefinedValue("the inline if-expression evaluated to false and no else section was defined.", IsLenient: true);
    }

    public Arguments Arguments(ArgumentList list)
    {
        var positional = list.Positional.Select(Evaluate).ToImmutableArray();
        var named = list.Named.Select(pair => new KeyValuePair<string, Value>(pair.Name, Evaluate(pair.Value))).ToImmutableArray();
        if (list.Rest is { } rest)
        {
            positional = positional.AddRange(Items.Of(Evaluate(rest), budget));
        }

        if (list.NamedRest is { } namedRest)
        {
            var dict = Evaluate(namedRest) as DictValue ?? throw new TemplateException("argument after ** must be a mapping");
            named = named.AddRange(dict.Entries.Select(entry => new KeyValuePair<string, Value>(budget.Str(entry.Key), entry.Value)));
        }

        return new(positional, named);
    }

    public Value Call(Value target, Arguments arguments)
    {
        budget.Enter();
        try
        {
            return target switch
            {
                CallableValue callable => budget.Made(callable.Call(this, arguments)),
                ObjectValue { Call: { } call } => budget.Made(call(this, arguments)),
                UndefinedValue undefined => throw new UndefinedException(undefined.Message),
                _ => throw new PythonTypeException($"'{target.TypeName}' object is not callable"),
            };
        }
        finally
        {
            budget.Leave();
        }
    }

    /// <summary>Applies the chain of filters of a block to the block's text.</summary>
    public Value FilterChain(FilterOf filter, Value input) =>
        Filter(filter.Name, filter.Target is FilterOf before ? FilterChain(before, input) : input, Arguments(filter.Arguments));

    /// <summary>Applies a filter by name.</summary>
    public Value Filter(string name, Value input, Arguments arguments)
    {
        var filter = FilterTable.Find(name) ?? throw new TemplateException(FilterTable.Unknown(name));
        budget.Walk(input);
        if (!filter.TakesUndefined)
        {
            Operators.Defined(input);
        }

        var result = budget.Made(filter.Apply(this, input, arguments));
        return result switch
        {
            ViewValue view => new ListValue(view.Items),
            TextValue text when FilterTable.GivesText(name) => text with { StaysText = true },
            _ => result,
        };
    }

    /// <summary>Applies a test by name.</summary>
    public Value Test(string name, Value input, Arguments arguments)
    {
        var test = TestTable.Find(name) ?? throw new TemplateException(TestTable.Unknown(name));
        budget.Walk(input);
        if (!test.TakesUndefined)
        {
            Operators.Defined(input);
        }

        return test.Apply(this, input, arguments);
    }
}

using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>What can be iterated but is no list: <c>range</c>, <c>dict_keys</c>, <c>dict_values</c>, <c>dict_items</c>. Printed, it is a list.</summary>
internal sealed record ViewValue(string Type, ImmutableArray<Value> Items) : Value
{
    public override string TypeName => Type;

    public override bool IsTrue => Items.Length > 0;

    internal override long Size => ListValue.SizeOf(Items);

    internal override int Depth => ListValue.DepthOf(Items);
}

/// <summary>Something that can be called: a function, a method bound to its value, a macro.</summary>
internal sealed record CallableValue(string Name, Func<Evaluator, Arguments, Value> Call) : Value
{
    public override string TypeName => "function";
}

/// <summary>An object with attributes: <c>loop</c>. Asking for one computes it.</summary>
internal sealed record ObjectValue(string Type, Func<string, Value?> Attribute, Func<Evaluator, Arguments, Value>? Call = null) : Value
{
    public override string TypeName => Type;
}

/// <summary>The result of <c>namespace()</c>: the one thing in a template that assignments change across scopes.</summary>
internal sealed record NamespaceValue(Dictionary<string, Value> Attributes) : Value
{
    public override string TypeName => "Namespace";
}

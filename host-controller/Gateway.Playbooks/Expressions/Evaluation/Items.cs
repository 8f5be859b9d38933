using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Attributes, subscripts, slices and iteration, as Jinja looks them up.</summary>
internal static class Items
{
    /// <summary><c>x.name</c>: the attribute (a method), else the key.</summary>
    public static Value Attribute(Value target, string name, Budget budget)
    {
        if (target is UndefinedValue)
        {
            return target;
        }

        if (Own(target, name) is { } own)
        {
            return own;
        }

        return target is DictValue dict && dict.TryGet(name, out var value) ? value : MissingAttribute(target, name, budget);
    }

    /// <summary><c>x[key]</c>: the item, else for texts the attribute of that name.</summary>
    public static Value Item(Value target, Value key, Budget budget)
    {
        if (target is UndefinedValue)
        {
            return target;
        }

        Operators.Defined(key);
        if (target is DictValue dict && key is not (ListValue { IsTuple: false } or DictValue) && dict.TryGet(key, out var value))
        {
            return value;
        }

        budget.Step(target is TextValue ? target.Size : 1);
        if (PythonEquality.Integer(key) is { } index && At(target, index) is { } item)
        {
            return item;
        }

        return key is TextValue name
            ? Own(target, name.Value) ?? MissingAttribute(target, name.Value, budget)
            : new UndefinedValue($"{Kind(target)} has no element {budget.Str(key)}");
    }

    /// <summary>What a missing attribute is called: an object's type, as Jinja prints it.</summary>
    private static UndefinedValue MissingAttribute(Value target, string name, Budget budget)
    {
        budget.Step();
        return new UndefinedValue($"'{Kind(target)}' has no attribute {PythonText.Quoted(name)}");
    }

    private static string Kind(Value target) => target is NullValue ? "None" : $"{PythonText.ClassPath(target)} object";

    private static Value? Own(Value target, string name)
    {
        if (name.StartsWith('_'))
        {
            return null;
        }

        return target switch
        {
            ObjectValue own => own.Attribute(name),
            TimeValue time => TimeMembers.Of(time, name),
            SpanValue span => TimeMembers.Of(span, name),
            ListValue { IsGroup: true } group when name is "grouper" or "list" => group.Items[name == "list" ? 1 : 0],
            NamespaceValue names => names.Attributes.GetValueOrDefault(name),
            _ => MethodTable.Find(target, name) is { } method
                ? new CallableValue($"{target.TypeName}.{name}", (evaluator, arguments) => method.Call(evaluator, target, arguments))
                : null,
        };
    }

    private static Value? At(Value target, long index) => target switch
    {
        ListValue list => At(list.Items, index),
        ViewValue { Type: "range" } range => At(range.Items, index),
        TextValue text => At([.. Characters(text.Value)], index),
        _ => null,
    };

    private static Value? At(ImmutableArray<Value> items, long index)
    {
        var place = index < 0 ? index + items.Length : index;
        return place >= 0 && place < items.Length ? items[(int)place] : null;
    }

    public static Value Slice(Value target, Value? start, Value? stop, Value? step, Budget budget)
    {
        Operators.Defined(target);
        budget.Walk(target);
        switch (target)
        {
            case ListValue list:
                return list.IsTuple ? new ListValue(Slice(list.Items, start, stop, step), true) : new ListValue(Slice(list.Items, start, stop, step));
            case ViewValue { Type: "range" } range:
                return range with { Items = Slice(range.Items, start, stop, step) };
            case TextValue text:
                return budget.Text(string.Concat(Slice([.. Characters(text.Value)], start, stop, step).Select(part => ((TextValue)part).Value)));
            default:
                return new UndefinedValue($"{Kind(target)} has no element slice");
        }
    }

    private static ImmutableArray<Value> Slice(ImmutableArray<Value> items, Value? start, Value? stop, Value? step)
    {
        var by = Index(step) ?? 1;
        if (by == 0)
        {
            throw new TemplateException("slice step cannot be zero");
        }

        var length = items.Length;
        var from = Clamp(Index(start) ?? (by > 0 ? 0 : long.MaxValue), length, by);
        var to = Index(stop) is { } end ? Clamp(end, length, by) : by > 0 ? length : -1;
        var slice = ImmutableArray.CreateBuilder<Value>();
        for (var i = from; by > 0 ? i < to : i > to; i += by)
        {
            slice.Add(items[(int)i]);
        }

        return slice.ToImmutable();
    }

    private static long Clamp(long index, int length, long by)
    {
        var place = index < 0 ? Math.Max(index, long.MinValue + length) + length : index;
        return by > 0 ? Math.Clamp(place, 0, length) : Math.Clamp(place, -1, length - 1);
    }

    private static long? Index(Value? value) => value switch
    {
        null or NullValue => null,
        _ when PythonEquality.Integer(Operators.Defined(value)) is { } number => Math.Clamp(number, -int.MaxValue, int.MaxValue),
        _ => throw new TemplateException("slice indices must be integers or None or have an __index__ method"),
    };

    /// <summary>The items of something iterable; a text's are its characters, a dictionary's its keys.</summary>
    public static ImmutableArray<Value> Of(Value value, Budget budget)
    {
        var items = value switch
        {
            ListValue list => list.Items,
            ViewValue view => view.Items,
            DictValue dict => [.. dict.Keys],
            TextValue text => [.. Characters(text.Value)],
            UndefinedValue undefined => throw new UndefinedException(undefined.Message),
            _ => throw new PythonTypeException($"'{value.TypeName}' object is not iterable"),
        };
        budget.Step(items.Length);
        return items;
    }

    /// <summary><c>len(value)</c>.</summary>
    public static long Length(Value value) => value switch
    {
        ListValue list => list.Items.Length,
        ViewValue view => view.Items.Length,
        DictValue dict => dict.Count,
        TextValue text => LengthOf(text.Value),
        UndefinedValue undefined => throw new UndefinedException(undefined.Message),
        _ => throw new PythonTypeException($"object of type '{value.TypeName}' has no len()"),
    };

    /// <summary>Python counts code points.</summary>
    public static int LengthOf(string text)
    {
        var count = text.Length;
        foreach (var c in text)
        {
            count -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return count;
    }

    private static IEnumerable<Value> Characters(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            yield return new TextValue(text.Substring(i, length));
            i += length - 1;
        }
    }
}

using System.Numerics;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Python's operators on values (docs.python.org/3/reference/expressions.html).</summary>
internal static class Operators
{
    public static Value Apply(string op, Value left, Value right, Budget budget)
    {
        Defined(left);
        Defined(right);
        return op switch
        {
            "+" => Add(left, right, budget),
            "*" => Multiply(left, right, budget),
            "%" when left is TextValue text => budget.Text(PercentFormat.Apply(text.Value, right, budget)),
            "-" when (left, right) is (TimeValue later, TimeValue earlier) => new SpanValue(later.Value - earlier.Value),
            _ => Arithmetic(op, left, right),
        };
    }

    public static Value Negate(string op, Value value)
    {
        Defined(value);
        return value switch
        {
            FloatValue number => op == "-" ? new FloatValue(-number.Value) : number,
            _ when PythonEquality.Integer(value) is { } number => op == "-" ? Checked(-(BigInteger)number) : new IntValue(number),
            _ => throw new PythonTypeException($"bad operand type for unary {op}: '{value.TypeName}'"),
        };
    }

    /// <summary>A value whose truth is asked for: that of something undefined is refused, unless it is lenient.</summary>
    public static Value Judged(Value value) => value is UndefinedValue { IsLenient: true } ? value : Defined(value);

    /// <summary>Refuses what is undefined.</summary>
    public static Value Defined(Value value) => value is UndefinedValue undefined ? throw new UndefinedException(undefined.Message) : value;

    public static Value Checked(BigInteger number) => number >= long.MinValue && number <= long.MaxValue
        ? new IntValue((long)number)
        : throw new TemplateException("the result does not fit into 64 bits; larger integers are not supported");

    private static Value Add(Value left, Value right, Budget budget)
    {
        switch (left, right)
        {
            case (TextValue a, TextValue b):
                return budget.Text(a.Value + b.Value);
            case (ListValue a, ListValue b) when a.IsTuple == b.IsTuple:
                budget.Step(a.Items.Length + b.Items.Length);
                return new ListValue(a.Items.AddRange(b.Items), a.IsTuple);
            case (TextValue, _):
                throw new PythonTypeException($"can only concatenate str (not \"{right.TypeName}\") to str");
            case (ListValue a, _):
                throw new PythonTypeException($"can only concatenate {a.TypeName} (not \"{right.TypeName}\") to {a.TypeName}");
            default:
                return Arithmetic("+", left, right);
        }
    }

    private static Value Multiply(Value left, Value right, Budget budget)
    {
        if (left is not (TextValue or ListValue) && right is TextValue or ListValue)
        {
            (left, right) = (right, left);
        }

        if (left is not (TextValue or ListValue))
        {
            return Arithmetic("*", left, right);
        }

        if (PythonEquality.Integer(right) is not { } times)
        {
            throw new PythonTypeException($"can't multiply sequence by non-int of type '{right.TypeName}'");
        }

        times = Math.Max(0, times);
        if (left is TextValue text)
        {
            budget.Characters(text.Value.Length == 0 ? 0 : Math.Min(times, int.MaxValue) * text.Value.Length);
            return new TextValue(text.Value.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text.Value, (int)times)));
        }

        var list = (ListValue)left;
        budget.Step(Math.Min(times, int.MaxValue) * list.Items.Length);
        return list.Items.Length == 0 ? list : list with { Items = [.. Enumerable.Repeat(list.Items, (int)times).SelectMany(items => items)] };
    }

    private static Value Arithmetic(string op, Value left, Value right)
    {
        if (PythonEquality.Integer(left) is { } a && PythonEquality.Integer(right) is { } b)
        {
            return Integers(op, a, b);
        }

        return PythonEquality.Number(left) is { } x && PythonEquality.Number(right) is { } y
            ? new FloatValue(Floats(op, x, y))
            : throw new PythonTypeException($"unsupported operand type(s) for {(op == "**" ? "** or pow()" : op)}: '{left.TypeName}' and '{right.TypeName}'");
    }

    private static Value Integers(string op, long a, long b)
    {
        switch (op)
        {
            case "+":
                return Checked((BigInteger)a + b);
            case "-":
                return Checked((BigInteger)a - b);
            case "*":
                return Checked((BigInteger)a * b);
            case "/":
                return b == 0 ? throw new TemplateException("division by zero") : new FloatValue((double)a / b);
            case "//" or "%":
                if (b == 0)
                {
                    throw new TemplateException("integer division or modulo by zero");
                }

                var (quotient, rest) = BigInteger.DivRem(a, b) is var both && both.Remainder != 0 && (both.Remainder < 0) != (b < 0)
                    ? (both.Quotient - 1, both.Remainder + b)
                    : both;
                return Checked(op == "//" ? quotient : rest);
            default:
                return b < 0 ? new FloatValue(Floats("**", a, b)) : Power(a, b);
        }
    }

    private static Value Power(long a, long b) => a switch
    {
        0 or 1 => new IntValue(b == 0 ? 1 : a),
        -1 => new IntValue(b % 2 == 0 ? 1 : -1),
        _ => Checked(BigInteger.Pow(a, (int)Math.Min(b, 64))),
    };

    private static double Floats(string op, double x, double y)
    {
        switch (op)
        {
            case "+":
                return x + y;
            case "-":
                return x - y;
            case "*":
                return x * y;
            case "/":
                return y == 0 ? throw new TemplateException("float division by zero") : x / y;
            case "//":
                return y == 0 ? throw new TemplateException("float floor division by zero") : Math.Floor(x / y);
            case "%":
                if (y == 0)
                {
                    throw new TemplateException("float modulo");
                }

                var rest = x % y;
                return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
            default:
                return PowerOf(x, y);
        }
    }

    private static double PowerOf(double x, double y)
    {
        if (x == 0 && y < 0)
        {
            throw new TemplateException("0.0 cannot be raised to a negative power");
        }

        var result = Math.Pow(x, y);
        return double.IsNaN(result) && !double.IsNaN(x) && !double.IsNaN(y)
            ? throw new TemplateException("the result is a complex number, which is not supported")
            : double.IsInfinity(result) && double.IsFinite(x) && double.IsFinite(y)
                ? throw new TemplateException("the result is too large")
                : result;
    }

    /// <summary>A comparison by operator.</summary>
    public static bool Compare(string op, Value left, Value right, Budget budget)
    {
        Defined(left);
        Defined(right);
        budget.Step(1 + (Math.Min(left.Size, right.Size) / 16));
        return op switch
        {
            "==" => PythonEquality.Instance.Equals(left, right),
            "!=" => !PythonEquality.Instance.Equals(left, right),
            "in" => Contains(right, left, budget),
            "not in" => !Contains(right, left, budget),
            _ => Ordered(op, left, right),
        };
    }

    private static bool Ordered(string op, Value left, Value right)
    {
        if (PythonEquality.Number(left) is { } x && PythonEquality.Number(right) is { } y && (left is FloatValue || right is FloatValue))
        {
            return op switch { "<" => x < y, "<=" => x <= y, ">" => x > y, _ => x >= y };
        }

        var order = Order(left, right, op);
        return op switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    /// <summary>Python's order of two values, or a failure in its words.</summary>
    public static int Order(Value left, Value right, string op = "<")
    {
        Defined(left);
        Defined(right);
        if (PythonEquality.Integer(left) is { } a && PythonEquality.Integer(right) is { } b)
        {
            return a.CompareTo(b);
        }

        if (PythonEquality.Number(left) is { } x && PythonEquality.Number(right) is { } y)
        {
            return x.CompareTo(y);
        }

        switch (left, right)
        {
            case (TextValue s, TextValue t):
                return CompareTexts(s.Value, t.Value);
            case (TimeValue s, TimeValue t) when s.IsDate == t.IsDate && s.HasOffset == t.HasOffset:
                return s.Value.CompareTo(t.Value);
            case (SpanValue s, SpanValue t):
                return s.Value.CompareTo(t.Value);
            case (ListValue s, ListValue t) when s.IsTuple == t.IsTuple:
                for (var i = 0; i < Math.Min(s.Items.Length, t.Items.Length); i++)
                {
                    if (!PythonEquality.Instance.Equals(s.Items[i], t.Items[i]))
                    {
                        return Order(s.Items[i], t.Items[i], op);
                    }
                }

                return s.Items.Length.CompareTo(t.Items.Length);
            default:
                throw new PythonTypeException($"'{op}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
        }
    }

    /// <summary>By code points, as Python compares, which differs from UTF-16 above the surrogates.</summary>
    public static int CompareTexts(string left, string right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (left[i] != right[i])
            {
                var (a, b) = (char.IsSurrogate(left[i]), char.IsSurrogate(right[i]));
                return a == b ? left[i].CompareTo(right[i]) : a ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    public static bool Contains(Value container, Value item, Budget budget)
    {
        Defined(container);
        Defined(item);
        budget.Walk(container);
        return container switch
        {
            TextValue text => item is TextValue part
                ? text.Value.Contains(part.Value, StringComparison.Ordinal)
                : throw new TemplateException($"'in <string>' requires string as left operand, not {item.TypeName}"),
            ListValue list => list.Items.Contains(item, PythonEquality.Instance),
            ViewValue view => view.Items.Contains(item, PythonEquality.Instance),
            DictValue dict => dict.TryGet(Hashable(item), out _),
            _ => throw new PythonTypeException($"argument of type '{container.TypeName}' is not iterable"),
        };
    }

    /// <summary>Refuses what Python does not take as a key.</summary>
    public static Value Hashable(Value key) => key switch
    {
        ListValue { IsTuple: false } or DictValue or ViewValue => throw new PythonTypeException($"unhashable type: '{key.TypeName}'"),
        ListValue tuple => tuple with { Items = [.. tuple.Items.Select(Hashable)] },
        _ => Defined(key),
    };
}

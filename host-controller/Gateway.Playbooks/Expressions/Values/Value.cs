namespace Gateway.Playbooks.Expressions;

/// <summary>
/// A value in Python's sense, immutable. Texts that came from YAML may still be templates: <see cref="Templar"/> renders
/// them when they are used, except those marked <see cref="TextValue.Unsafe"/>.
/// </summary>
public abstract record Value
{
    /// <summary>Python's name of the type: <c>str</c>, <c>int</c>, <c>list</c> …</summary>
    public abstract string TypeName { get; }

    /// <summary>The name of Python's class for it, which for texts is often Ansible's own.</summary>
    internal virtual string ClassName => TypeName;

    /// <summary>What walking over the whole value costs, in nodes; shared parts count each time they are met.</summary>
    internal virtual long Size => 1;

    /// <summary>How deep lists and dictionaries are nested in it.</summary>
    internal virtual int Depth => 1;

    /// <summary>What <c>str(value)</c> prints: <c>True</c>, <c>None</c>, <c>['a', 1]</c> …</summary>
    public sealed override string ToString() => PythonText.Str(this);

    /// <summary>Python's truth of the value: empty texts and collections, zero, None and Undefined are false.</summary>
    public virtual bool IsTrue => true;

    /// <summary>The same value with every text in it marked as never templated: command output, facts, file contents.</summary>
    public virtual Value AsUnsafe() => this;

    /// <summary>The same value without list items and dictionary entries that are <see cref="OmitValue"/>, at any depth.</summary>
    public virtual Value WithoutOmitted() => this;

    /// <summary>The same value, of which no text counts as written in the playbook any more.</summary>
    internal virtual Value AsMade() => this;

    public static implicit operator Value(string text) => new TextValue(text);

    public static implicit operator Value(long number) => new IntValue(number);

    public static implicit operator Value(bool truth) => truth ? BoolValue.True : BoolValue.False;

    public static implicit operator Value(double number) => new FloatValue(number);
}

/// <summary>Python's None, YAML's null.</summary>
public sealed record NullValue : Value
{
    private NullValue()
    {
    }

    public static NullValue None { get; } = new();

    public override string TypeName => "NoneType";

    public override bool IsTrue => false;
}

/// <summary>True or False.</summary>
public sealed record BoolValue : Value
{
    private BoolValue(bool value) => Value = value;

    public static BoolValue True { get; } = new(true);

    public static BoolValue False { get; } = new(false);

    public bool Value { get; }

    public override string TypeName => "bool";

    public override bool IsTrue => Value;
}

/// <summary>An integer of 64 bits. Python's have no bound: a result that needs more bits is refused, never wrapped.</summary>
public sealed record IntValue(long Value) : Value
{
    public override string TypeName => "int";

    public override bool IsTrue => Value != 0;
}

/// <summary>A floating-point number of 64 bits.</summary>
public sealed record FloatValue(double Value) : Value
{
    public override string TypeName => "float";

    public override bool IsTrue => Value != 0;
}

/// <summary>A text.</summary>
/// <param name="Value">The text.</param>
/// <param name="Unsafe">Whether it is never rendered, whatever it holds: <c>!unsafe</c>, facts, command output.</param>
public sealed record TextValue(string Value, bool Unsafe = false) : Value
{
    public override string TypeName => "str";

    public override bool IsTrue => Value.Length > 0;

    internal override long Size => 1 + (Value.Length / 64);

    /// <summary>Whether it stays a text even when it looks like a list or dictionary: <c>to_json</c> and its kin made it.</summary>
    internal bool StaysText { get; init; }

    /// <summary>Whether it stands in a playbook or a file of variables as it is; what is made of it does not.</summary>
    internal bool IsWritten { get; init; }

    internal override string ClassName => Unsafe ? "AnsibleUnsafeText" : StaysText ? "NativeJinjaText" : IsWritten ? "AnsibleUnicode" : TypeName;

    /// <summary>Whether it holds template syntax that would be rendered on use.</summary>
    public bool IsTemplate => !Unsafe && Templar.IsTemplate(Value);

    public override Value AsUnsafe() => Unsafe ? this : this with { Unsafe = true };

    internal override Value AsMade() => IsWritten ? this with { IsWritten = false } : this;

    /// <summary>Equal when the characters are; the mark does not count.</summary>
    public bool Equals(TextValue? other) => other is not null && Value == other.Value;

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A time stamp, which YAML 1.1 makes of <c>2026-03-01</c> or <c>2026-03-01 12:00:00</c>.</summary>
/// <param name="Value">The time; for a date its midnight.</param>
/// <param name="IsDate">Whether it is a date without a time.</param>
/// <param name="HasOffset">Whether an offset from UTC was written.</param>
public sealed record TimeValue(DateTimeOffset Value, bool IsDate, bool HasOffset) : Value
{
    public override string TypeName => IsDate ? "date" : "datetime";
}

/// <summary>The time between two times.</summary>
public sealed record SpanValue(TimeSpan Value) : Value
{
    public override string TypeName => "timedelta";

    public override bool IsTrue => Value != TimeSpan.Zero;
}

/// <summary>Something that is not there. Using it fails; testing it, or giving it a default, does not.</summary>
/// <param name="Message">What a use of it says: <c>'x' is undefined</c>.</param>
/// <param name="IsLenient">Whether it prints as nothing and counts as false instead of failing: an <c>if</c> without <c>else</c>.</param>
public sealed record UndefinedValue(string Message, bool IsLenient = false) : Value
{
    public override string TypeName => "AnsibleUndefined";

    public override bool IsTrue => false;
}

/// <summary>The value of <c>omit</c>: an argument given it is as if it had not been written.</summary>
public sealed record OmitValue : Value
{
    private OmitValue()
    {
    }

    public static OmitValue Instance { get; } = new();

    public override string TypeName => "omit";
}

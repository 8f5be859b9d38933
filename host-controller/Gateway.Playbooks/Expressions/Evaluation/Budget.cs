using System.Runtime.CompilerServices;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Counts what one rendering costs and ends it when it costs too much.</summary>
internal sealed class Budget(TemplateLimits limits)
{
    private long steps;
    private long characters;
    private int depth;

    public TemplateLimits Limits => limits;

    public void Step(long count = 1)
    {
        steps += count;
        if (steps > limits.Steps || count < 0)
        {
            throw new TemplateException($"takes more than {limits.Steps} steps: a template must be smaller than that");
        }
    }

    /// <summary>Notes text about to be made, before it is made.</summary>
    public void Characters(long count)
    {
        characters += count;
        if (characters > limits.Characters || count < 0)
        {
            throw new TemplateException($"makes more than {limits.Characters} characters of text");
        }
    }

    public void Enter()
    {
        if (++depth > limits.Depth * 4 || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateException("is nested too deep, or refers to itself");
        }
    }

    public void Leave() => depth--;

    /// <summary>Notes that a whole value is walked over.</summary>
    public void Walk(Value value) => Step(1 + (value.Size / 16));

    /// <summary>Refuses values that have grown too large or too deep to be walked over.</summary>
    public Value Made(Value value)
    {
        if (value is ListValue or DictValue or ViewValue)
        {
            if (value.Size > limits.Steps / 4)
            {
                throw new TemplateException("makes a list or dictionary that is too large");
            }

            if (value.Depth > limits.Depth)
            {
                throw new TemplateException($"makes a value nested more than {limits.Depth} deep");
            }
        }

        return value;
    }

    /// <summary>A text, paid for.</summary>
    public TextValue Text(string text)
    {
        Characters(text.Length);
        return new TextValue(text);
    }

    /// <summary><c>str(value)</c>, bounded.</summary>
    public string Str(Value value)
    {
        switch (value)
        {
            case TextValue text:
                return text.Value;
            case UndefinedValue { IsLenient: true }:
                return "";
            case UndefinedValue undefined:
                throw new UndefinedException(undefined.Message);
            case OmitValue:
                throw new TemplateException("'omit' stands alone as an argument's value; it cannot be part of a text");
        }

        Walk(value);
        var into = new System.Text.StringBuilder();
        if (value is ViewValue view)
        {
            throw new TemplateException($"a {view.TypeName} cannot be made a text: make it a list with | list first");
        }

        var longest = (int)Math.Min(int.MaxValue - 1, limits.Characters - characters);
        if (value is TimeValue or SpanValue)
        {
            into.Append(PythonText.Str(value));
        }
        else
        {
            PythonText.TryWrite(value, into, longest);
        }

        Characters(into.Length);
        return into.ToString();
    }
}

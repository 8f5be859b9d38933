using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Makes the dictionaries that tasks register. Text in them came from the machine: it is never a template.</summary>
public static class Results
{
    public static DictValue Of(params ReadOnlySpan<(string Key, Value Value)> entries) => (DictValue)DictValue.Of(entries).AsUnsafe();

    public static DictValue With(this DictValue result, string key, Value value) => result.With(new TextValue(key), value.AsUnsafe());

    /// <summary>The result with another's entries set on it.</summary>
    public static DictValue With(this DictValue result, DictValue more) => DictValue.Of(result.Entries.Concat(more.Entries));

    /// <summary>Before and after, as Ansible's <c>diff</c>.</summary>
    public static DictValue Diff(Value before, Value after) => Of(("before", before), ("after", after));

    /// <summary>What a failed change leaves: its words, and what its program said.</summary>
    public static DictValue Failed(ChangeOutcome outcome, string? message = null)
    {
        var result = Of(("failed", true), ("msg", message ?? outcome.Error ?? "failed"));
        return outcome.ExitCode is { } status
            ? result.With("rc", (long)status).With("stdout", outcome.StandardOutput).With("stderr", outcome.StandardError)
            : result;
    }

    public static Value List(IEnumerable<string> texts) => ListValue.Of(texts.Select(text => (Value)text));

    public static Value Mode(int mode) => "0" + Convert.ToString(mode, 8).PadLeft(3, '0');
}

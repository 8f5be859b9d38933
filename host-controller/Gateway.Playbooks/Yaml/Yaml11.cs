using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Yaml;

/// <summary>
/// Turns YAML nodes into values by YAML 1.1 as Ansible reads it (PyYAML's SafeLoader and its resolver): <c>yes</c> is True,
/// <c>y</c> a text, <c>0644</c> octal, <c>12:30:45</c> sexagesimal, <c>2026-03-01</c> a date. Templates stay unrendered.
/// </summary>
public static class Yaml11
{
    private const string Core = "tag:yaml.org,2002:";

    /// <summary>Tags to let through <see cref="YamlReader"/> when a playbook is read.</summary>
    public static IReadOnlySet<string> Tags { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "!unsafe", "!vault", "!vault-encrypted",
        Core + "int", Core + "float", Core + "bool", Core + "null", Core + "timestamp", Core + "map", Core + "seq",
    };

    /// <summary>The value of a node; everything that is wrong in it is reported at once.</summary>
    public static Result<Value> ToValue(YamlNode node)
    {
        var failures = new List<Failure>();
        var value = Convert(node, isUnsafe: false, failures);
        return failures.Count > 0 ? failures.ToImmutableArray() : value;
    }

    private static Value Convert(YamlNode node, bool isUnsafe, List<Failure> failures)
    {
        isUnsafe |= node.Tag == "!unsafe";
        switch (node)
        {
            case YamlSequence list:
                Expect(node, "seq", failures);
                return new ListValue([.. list.Items.Select(item => Convert(item, isUnsafe, failures))]);
            case YamlMapping map:
                Expect(node, "map", failures);
                return ConvertMapping(map, isUnsafe, failures);
            default:
                return ConvertScalar((YamlScalar)node, isUnsafe, failures);
        }
    }

    private static void Expect(YamlNode node, string kind, List<Failure> failures)
    {
        if (node.Tag is not (null or "!unsafe") && node.Tag != Core + kind)
        {
            failures.Add(Failure.At(Phase.Parse, node.At, $"tag '{node.Tag}' does not fit {node.Kind}"));
        }
    }

    private static DictValue ConvertMapping(YamlMapping map, bool isUnsafe, List<Failure> failures)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<Value, Value>>();
        var seen = new HashSet<Value>(PythonEquality.Instance);
        foreach (var entry in map.Entries)
        {
            var key = Convert(entry.Key, isUnsafe: false, failures);
            if (!seen.Add(key))
            {
                failures.Add(Failure.At(Phase.Parse, entry.Key.At, $"key '{entry.Key.Text}' is the same as one before it ({PythonText.Repr(key)})"));
            }

            entries.Add(new(key, Convert(entry.Value, isUnsafe, failures)));
        }

        return DictValue.Of(entries);
    }

    private static Value ConvertScalar(YamlScalar scalar, bool isUnsafe, List<Failure> failures)
    {
        switch (scalar.Tag)
        {
            case "!vault" or "!vault-encrypted":
                failures.Add(Failure.At(Phase.Parse, scalar.At, "vault-encrypted text is not supported: there is no vault password on a gateway; the playbook is signed, so put secrets on the gateway in a file of their own"));
                return NullValue.None;
            case "!unsafe":
            case CoreSchema.StringTag:
                return Written(scalar.Text, isUnsafe);
            case null:
                break;
            default:
                return Tagged(scalar, failures);
        }

        if (!scalar.IsPlain)
        {
            return Written(scalar.Text, isUnsafe);
        }

        switch (PlainScalars.Resolve(scalar.Text))
        {
            case { IsSuccess: true } known:
                return known.Value is TextValue text ? Written(text.Value, isUnsafe) : known.Value;
            case var wrong:
                failures.Add(Failure.At(Phase.Parse, scalar.At, wrong.Failure.Message));
                return NullValue.None;
        }
    }

    private static TextValue Written(string text, bool isUnsafe) => new(text, isUnsafe) { IsWritten = true };

    /// <summary>A scalar with one of YAML's own tags, which must fit its text.</summary>
    private static Value Tagged(YamlScalar scalar, List<Failure> failures)
    {
        var read = PlainScalars.Resolve(scalar.Text);
        Value? value = (read.IsSuccess ? read.Value : null, scalar.Tag![Core.Length..]) switch
        {
            (IntValue number, "int") => number,
            (IntValue number, "float") => new FloatValue(number.Value),
            (FloatValue number, "float") => number,
            (BoolValue truth, "bool") => truth,
            (NullValue none, "null") => none,
            (TimeValue time, "timestamp") => time,
            _ => null,
        };
        if (value is null)
        {
            failures.Add(Failure.At(Phase.Parse, scalar.At, $"'{scalar.Text}' does not fit its tag '{scalar.Tag}'"));
        }

        return value ?? NullValue.None;
    }
}

using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Yaml;

namespace Gateway.Playbooks.Parsing;

/// <summary>What the parsers of one playbook share: where failures are collected, and how values are read.</summary>
internal sealed partial class ParseScope(ParseOptions options)
{
    public ParseOptions Options { get; } = options;

    public List<Failure> Failures { get; } = [];

    /// <summary>Handlers that tasks of the play notify by a name without templates, and where.</summary>
    public List<(string Name, Position At)> Notified { get; } = [];

    /// <summary>Names and topics of handlers as they are written, so that one with a mistake in it is not said to be missing too.</summary>
    public HashSet<string> HandlerNames { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether tasks are included while the play runs, which may bring handlers along.</summary>
    public bool IncludesRoles { get; set; }

    /// <summary>Roles of the play that have been read, each with what was asked of it.</summary>
    public List<string> RolesRead { get; } = [];

    /// <summary>Roles whose variables the whole play sees.</summary>
    public List<Role> PublicRoles { get; } = [];

    /// <summary>Handlers that roles brought along.</summary>
    public List<TaskItem> RoleHandlers { get; } = [];

    /// <summary>Variables of the play.</summary>
    public DictValue PlayVars { get; set; } = DictValue.Empty;

    /// <summary>How many files have been read for this playbook.</summary>
    public int FilesRead { get; set; }

    /// <summary>Forgets what belongs to the play before.</summary>
    public void BeginPlay()
    {
        Notified.Clear();
        HandlerNames.Clear();
        RolesRead.Clear();
        PublicRoles.Clear();
        RoleHandlers.Clear();
        IncludesRoles = false;
    }

    public void Fail(YamlNode at, string message) => Failures.Add(Failure.At(Phase.Parse, at.At, message));

    /// <summary>A value with its templates checked but not rendered; None after noting what is wrong with it.</summary>
    public Value Value(YamlNode node)
    {
        if (!Yaml11.ToValue(node).TryGet(out var value, out var wrong))
        {
            Failures.AddRange(wrong);
            return NullValue.None;
        }

        CheckTemplates(value, node.At);
        return value;
    }

    /// <summary>The value under a key; null when it is absent.</summary>
    public Value? ValueOf(YamlMapping mapping, string key) => mapping[key] is { } node ? Value(node) : null;

    /// <summary>A truth value, or a template that gives one; null when absent.</summary>
    public Value? Truth(YamlMapping mapping, string key)
    {
        if (mapping[key] is not { } node)
        {
            return null;
        }

        var value = Value(node);
        if (value is TextValue { IsTemplate: true } || Modules.OptionReader.Boolean(value) is not null)
        {
            return value;
        }

        Fail(node, $"'{key}' must be true or false");
        return null;
    }

    /// <summary>A truth value that is no template; null when absent.</summary>
    public bool? LiteralTruth(YamlMapping mapping, string key)
    {
        if (mapping[key] is not { } node)
        {
            return null;
        }

        if (Modules.OptionReader.Boolean(Value(node)) is { } truth)
        {
            return truth.Value;
        }

        Fail(node, $"'{key}' must be true or false");
        return null;
    }

    /// <summary>A text; null when absent.</summary>
    public string? Text(YamlMapping mapping, string key)
    {
        switch (mapping[key])
        {
            case null:
                return null;
            case YamlScalar { IsPlain: true, Text: "" or "~" or "null" or "Null" or "NULL" }:
                return null;
            case YamlScalar scalar:
                CheckTemplates(scalar.Text, scalar.At);
                return scalar.Text;
            case var node:
                Fail(node, $"'{key}' must be a text, not {node.Kind}");
                return null;
        }
    }

    /// <summary>A text that names a variable; null when absent.</summary>
    public string? Identifier(YamlMapping mapping, string key)
    {
        var name = Text(mapping, key);
        if (name is not null && !Name().IsMatch(name))
        {
            Fail(mapping[key]!, $"'{key}' must name a variable: letters, digits and underscores, no digit first; not '{name}'");
            return null;
        }

        return name;
    }

    /// <summary>Variables by name.</summary>
    public DictValue Variables(YamlMapping mapping, string key)
    {
        switch (mapping[key])
        {
            case null or YamlScalar { IsPlain: true, Text: "" or "~" or "null" }:
                return DictValue.Empty;
            case YamlMapping vars:
                return Variables(vars);
            case var node:
                Fail(node, $"'{key}' must be a mapping of variables, not {node.Kind}");
                return DictValue.Empty;
        }
    }

    /// <summary>Variables of a mapping.</summary>
    public DictValue Variables(YamlMapping vars)
    {
        foreach (var entry in vars.Entries.Where(entry => !Name().IsMatch(entry.Key.Text)))
        {
            Fail(entry.Key, $"'{entry.Key.Text}' cannot name a variable: letters, digits and underscores, no digit first");
        }

        return Value(vars) as DictValue ?? DictValue.Empty;
    }

    /// <summary>One condition, or a list of them, all of which must hold.</summary>
    public ImmutableArray<Condition> Conditions(YamlMapping mapping, string key) => mapping[key] switch
    {
        null => [],
        YamlSequence list => [.. list.Items.Select(item => Condition(item, key)).OfType<Condition>()],
        var node => Condition(node, key) is { } condition ? [condition] : [],
    };

    /// <summary>A text, or a list of texts; a text is not split.</summary>
    public ImmutableArray<Value> Texts(YamlMapping mapping, string key) => mapping[key] switch
    {
        null => [],
        YamlSequence list => [.. list.Items.Select(Value)],
        var node => [Value(node)],
    };

    /// <summary>Names of handlers, or topics they listen to.</summary>
    public ImmutableArray<Value> Notifications(YamlMapping mapping)
    {
        if (mapping["notify"] is not { } node)
        {
            return [];
        }

        var names = ImmutableArray.CreateBuilder<Value>();
        foreach (var item in node is YamlSequence list ? list.Items : [node])
        {
            if (item is not YamlScalar scalar)
            {
                Fail(item, $"'notify' takes names of handlers, not {item.Kind}");
                continue;
            }

            CheckTemplates(scalar.Text, scalar.At);
            names.Add(new TextValue(scalar.Text));
            if (!Templar.IsTemplate(scalar.Text))
            {
                Notified.Add((scalar.Text, scalar.At));
            }
        }

        return names.ToImmutable();
    }

    /// <summary>Tags: a text with commas, or a list.</summary>
    public ImmutableArray<string> Tags(YamlMapping mapping)
    {
        if (mapping["tags"] is not { } node)
        {
            return [];
        }

        if (node is YamlScalar && ValueOf(mapping, "tags") is not TextValue)
        {
            Fail(node, "tags must be specified as a list");
            return [];
        }

        var tags = new List<string>();
        foreach (var item in node is YamlSequence list ? list.Items : [node])
        {
            if (item is not YamlScalar scalar || Templar.IsTemplate(scalar.Text))
            {
                Fail(item, "'tags' must be a text, or a list of texts, without templates");
                continue;
            }

            tags.AddRange(scalar.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. tags];
    }

    private Condition? Condition(YamlNode node, string key)
    {
        if (!Yaml11.ToValue(node).TryGet(out var value, out var wrong))
        {
            Failures.AddRange(wrong);
            return null;
        }

        if (value is ListValue or DictValue)
        {
            Fail(node, $"'{key}' takes conditions, not {node.Kind}");
            return null;
        }

        if (value is TextValue text)
        {
            Failures.AddRange(text.IsTemplate ? Templar.Check(text.Value, node.At) : text.Value.Length == 0 ? [] : Templar.CheckExpression(text.Value, node.At));
        }

        return new Condition(value, node.At);
    }

    private void CheckTemplates(Value value, Position at)
    {
        switch (value)
        {
            case TextValue { IsTemplate: true } text:
                Failures.AddRange(Templar.Check(text.Value, at));
                break;
            case ListValue list:
                foreach (var item in list.Items)
                {
                    CheckTemplates(item, at);
                }

                break;
            case DictValue dict:
                foreach (var entry in dict.Entries)
                {
                    CheckTemplates(entry.Key, at);
                    CheckTemplates(entry.Value, at);
                }

                break;
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}

using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads a task's arguments and checks all that can be known before it runs.</summary>
internal sealed class ArgumentParser(ParseScope scope)
{
    public ImmutableArray<Argument> Parse(TaskModule module, YamlEntry entry, YamlNode? more, IEnumerable<ModuleDefault> defaults)
    {
        var failures = scope.Failures.Count;
        var arguments = new Dictionary<string, Argument>(StringComparer.Ordinal);
        foreach (var byDefault in defaults.Where(one => ModuleTable.Find(one.Module) == module))
        {
            Add(module, Entries(module, byDefault.Arguments), arguments);
        }

        if (more is YamlMapping additional)
        {
            Add(module, Entries(module, additional), arguments);
        }
        else if (more is not null)
        {
            scope.Fail(more, "'args' must be a mapping of arguments");
        }

        var own = entry.Value switch
        {
            YamlMapping mapping => Entries(module, mapping),
            YamlScalar { IsPlain: true, Text: "" or "~" or "null" } => [],
            YamlScalar text => OfText(module, text),
            var node => Refuse(node, $"arguments of '{entry.Key.Text}' must be a mapping, not {node.Kind}"),
        };
        Add(module, own, arguments);
        if (scope.Failures.Count == failures)
        {
            Check(module, entry, arguments);
        }

        return [.. arguments.Values];
    }

    private IEnumerable<Argument> Entries(TaskModule module, YamlMapping mapping) => mapping.Entries.Select(entry =>
    {
        if (module.Schema.Find(entry.Key.Text) is { Type: OptionType.Unrendered })
        {
            return new Argument(entry.Key.Text, Unrendered(entry.Value), entry.Key.At);
        }

        return new Argument(entry.Key.Text, scope.Value(entry.Value), entry.Key.At);
    });

    /// <summary>Conditions: expressions are checked as such.</summary>
    private Value Unrendered(YamlNode node)
    {
        foreach (var item in node is YamlSequence list ? list.Items : [node])
        {
            if (item is YamlScalar scalar)
            {
                scope.Failures.AddRange(Templar.IsTemplate(scalar.Text) ? Templar.Check(scalar.Text, scalar.At) : Templar.CheckExpression(scalar.Text, scalar.At));
            }
        }

        return Yaml.Yaml11.ToValue(node).TryGet(out var value, out var wrong) ? value : Fail(wrong);
    }

    private NullValue Fail(ImmutableArray<Failure> wrong)
    {
        scope.Failures.AddRange(wrong);
        return NullValue.None;
    }

    private IEnumerable<Argument> OfText(TaskModule module, YamlScalar text)
    {
        var freeForm = module.Schema.FreeForm;
        if (!KeyValueText.TryParse(text.Text, freeForm is not null && (module.Schema.IsCommand || module is MetaModule), out var pairs, out var rest, out var problem))
        {
            return Refuse(text, problem);
        }

        if (rest.Length > 0 && freeForm is null)
        {
            return Refuse(text, Templar.IsTemplate(rest)
                ? $"arguments of '{module.Name}' must be a mapping: a template cannot stand for all of them"
                : $"'{rest}' is no argument of module '{module.Name}': write name=value, or a mapping");
        }

        var arguments = pairs.Select(pair => new Argument(pair.Key, Checked(pair.Value, text.At), text.At));
        return rest.Length > 0 ? arguments.Append(new Argument(freeForm!, Checked(rest, text.At), text.At)) : arguments;
    }

    private TextValue Checked(string text, Position at)
    {
        scope.Failures.AddRange(Templar.IsTemplate(text) ? Templar.Check(text, at) : []);
        return new TextValue(text);
    }

    private void Add(TaskModule module, IEnumerable<Argument> more, Dictionary<string, Argument> arguments)
    {
        foreach (var argument in more)
        {
            if (module.Schema.Find(argument.Name) is not { } option || (module.Schema.NotSupported.Contains(argument.Name) && !module.Schema.AnyName))
            {
                scope.Failures.Add(Failure.At(Phase.Parse, argument.At, module.Schema.Unknown(module.Name, argument.Name)));
                continue;
            }

            if (option.Type != OptionType.Unrendered && ModuleSchema.Literal(option, argument.Value) is { } wrong)
            {
                scope.Failures.Add(Failure.At(Phase.Parse, argument.At, wrong));
                continue;
            }

            arguments[option.Name] = argument with { Name = option.Name };
        }
    }

    /// <summary>Options together; and all the module says about them when there is nothing to be rendered.</summary>
    private void Check(TaskModule module, YamlEntry entry, Dictionary<string, Argument> arguments)
    {
        var given = arguments.Values.Where(argument => argument.Value is not NullValue).ToList();
        var literal = given.TrueForAll(argument => !HasTemplate(argument.Value) && !Templar.IsTemplate(argument.Name));
        var problem = module.Schema.Combination(given.Select(argument => argument.Name).ToHashSet(StringComparer.Ordinal), exclusive: literal);
        if (problem is null && literal)
        {
            var (values, wrong) = module.Schema.Bind(given.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal));
            problem = wrong ?? module.Problem(values!);
        }

        if (problem is null && module.Schema.PlaybookFile is { } file && !scope.Options.LocalFiles && arguments.ContainsKey(file)
            && !(arguments.TryGetValue("remote_src", out var remote) && (HasTemplate(remote.Value) || OptionReader.Boolean(remote.Value)?.Value == true)))
        {
            problem = $"'{file}' needs a file beside the playbook, which a lone signed playbook does not have{(module.Schema.Find("remote_src") is null ? "" : ": use 'content', or 'remote_src: true' for a file of the gateway")}";
        }

        if (problem is not null)
        {
            scope.Fail(entry.Key, $"{entry.Key.Text}: {problem}");
        }
    }

    private IEnumerable<Argument> Refuse(YamlNode node, string message)
    {
        scope.Fail(node, message);
        return [];
    }

    private static bool HasTemplate(Value value) => value switch
    {
        TextValue text => text.IsTemplate,
        ListValue list => list.Items.Any(HasTemplate),
        DictValue dict => dict.Entries.Any(entry => HasTemplate(entry.Key) || HasTemplate(entry.Value)),
        _ => false,
    };
}

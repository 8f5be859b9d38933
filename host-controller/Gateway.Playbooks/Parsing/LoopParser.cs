using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads <c>loop</c>, its <c>with_</c> forms, <c>loop_control</c> and <c>until</c>.</summary>
internal sealed class LoopParser(ParseScope scope)
{
    public Loop? Loop(YamlMapping task)
    {
        var loops = task.Entries.Where(entry => entry.Key.Text == "loop" || Loops.ByKeyword.ContainsKey(entry.Key.Text)).ToList();
        if (loops.Count == 0)
        {
            if (task["loop_control"] is { } unused)
            {
                scope.Fail(unused, "'loop_control' needs 'loop'");
            }

            return null;
        }

        if (loops.Count > 1)
        {
            scope.Fail(loops[1].Key, $"a task has one loop: '{loops[0].Key.Text}' stands here already");
        }

        var (key, node) = (loops[0].Key.Text, loops[0].Value);
        var items = scope.Value(node);
        if (key == "loop" && items is not (ListValue or TextValue { IsTemplate: true }))
        {
            scope.Fail(node, "'loop' must be a list, or a template that gives one");
        }

        return Control(task, new Loop(items, Loops.ByKeyword.GetValueOrDefault(key), node.At));
    }

    public Until? Until(YamlMapping task)
    {
        var (retries, delay) = (Number(task, "retries"), Number(task, "delay"));
        return task["until"] is null ? null : new Until(scope.Conditions(task, "until"), retries, delay);
    }

    private Loop Control(YamlMapping task, Loop loop)
    {
        switch (task["loop_control"])
        {
            case null:
                return loop;
            case YamlMapping control:
                foreach (var entry in control.Entries.Where(entry => !Keywords.LoopControl.Contains(entry.Key.Text)))
                {
                    scope.Fail(entry.Key, $"'loop_control' has no key '{entry.Key.Text}'{Nearest.Hint(entry.Key.Text, Keywords.LoopControl)}");
                }

                return loop with
                {
                    Variable = scope.Identifier(control, "loop_var") ?? loop.Variable,
                    IndexVariable = scope.Identifier(control, "index_var"),
                    Label = scope.ValueOf(control, "label"),
                    Pause = Number(control, "pause"),
                    Extended = scope.LiteralTruth(control, "extended") ?? false,
                    ExtendedAllItems = scope.LiteralTruth(control, "extended_allitems") ?? true,
                };
            case var node:
                scope.Fail(node, $"'loop_control' must be a mapping, not {node.Kind}");
                return loop;
        }
    }

    private Value? Number(YamlMapping mapping, string key)
    {
        var value = scope.ValueOf(mapping, key);
        if (value is null or IntValue or FloatValue or TextValue { IsTemplate: true } || (value is TextValue text && double.TryParse(text.Value, out _)))
        {
            return value;
        }

        scope.Fail(mapping[key]!, $"'{key}' must be a number");
        return null;
    }
}

using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads <c>loop</c>, <c>with_items</c>, <c>loop_control</c> and <c>until</c>.</summary>
internal sealed class LoopParser(ParseScope scope)
{
    private static readonly string[] Known = ["extended", "index_var", "label", "loop_var", "pause"];

    public Loop? Loop(YamlMapping task)
    {
        var (key, other) = task["with_items"] is null ? ("loop", "") : ("with_items", "loop");
        if (task[key] is not { } node)
        {
            if (task["loop_control"] is { } unused)
            {
                scope.Fail(unused, "'loop_control' needs 'loop'");
            }

            return null;
        }

        if (other.Length > 0 && task[other] is { } second)
        {
            scope.Fail(second, "a task has one loop: 'loop' or 'with_items'");
        }

        var items = scope.Value(node);
        if (key == "loop" && items is not (ListValue or TextValue { IsTemplate: true }))
        {
            scope.Fail(node, "'loop' must be a list, or a template that gives one");
        }

        return Control(task, new Loop(items, key == "with_items", node.At));
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
                foreach (var entry in control.Entries.Where(entry => !Known.Contains(entry.Key.Text)))
                {
                    scope.Fail(entry.Key, $"'loop_control' has no key '{entry.Key.Text}'{Nearest.Hint(entry.Key.Text, Known)}");
                }

                return loop with
                {
                    Variable = scope.Identifier(control, "loop_var") ?? loop.Variable,
                    IndexVariable = scope.Identifier(control, "index_var"),
                    Label = scope.ValueOf(control, "label"),
                    Pause = Number(control, "pause"),
                    Extended = scope.LiteralTruth(control, "extended") ?? false,
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

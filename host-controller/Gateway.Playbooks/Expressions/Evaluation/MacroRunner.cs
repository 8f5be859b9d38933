using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Makes a macro callable: parameters, defaults, <c>varargs</c>, <c>kwargs</c>, <c>caller</c>.</summary>
internal static class MacroRunner
{
    public static CallableValue Make(Macro macro, Evaluator evaluator, Renderer renderer)
    {
        var outer = evaluator.Scope;
        return new CallableValue(macro.Name, (_, arguments) =>
        {
            var here = evaluator.Scope;
            evaluator.Scope = new Scope(outer);
            Bind(macro, arguments, evaluator);
            var text = renderer.Capture(macro.Body, evaluator.Scope);
            evaluator.Scope = here;
            return text;
        });
    }

    private static void Bind(Macro macro, Arguments arguments, Evaluator evaluator)
    {
        var scope = evaluator.Scope;
        var named = arguments.Named.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        for (var i = 0; i < macro.Parameters.Length; i++)
        {
            var (name, byDefault) = macro.Parameters[i];
            if (i < arguments.Positional.Length)
            {
                scope.Set(name, named.Remove(name)
                    ? throw new TemplateException($"macro '{macro.Name}' got multiple values for argument '{name}'")
                    : arguments.Positional[i]);
            }
            else
            {
                scope.Set(name, named.Remove(name, out var given) ? given
                    : byDefault is not null ? evaluator.Evaluate(byDefault)
                    : new UndefinedValue($"parameter '{name}' was not provided"));
            }
        }

        scope.Set("caller", named.Remove("caller", out var caller) ? caller : new UndefinedValue("No caller defined"));
        scope.Set("varargs", new ListValue([.. arguments.Positional.Skip(macro.Parameters.Length)], true));
        scope.Set("kwargs", DictValue.Of(named));
    }
}

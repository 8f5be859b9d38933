using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>The evaluated arguments of a call.</summary>
internal sealed record Arguments(ImmutableArray<Value> Positional, ImmutableArray<KeyValuePair<string, Value>> Named)
{
    public static Arguments None { get; } = new([], []);

    /// <summary>The arguments in the order of the parameters' names, null where absent.</summary>
    /// <param name="what">The function's name, for messages.</param>
    /// <param name="required">How many of the parameters must be given.</param>
    /// <param name="parameters">The parameters' names.</param>
    public Value?[] Bind(string what, int required, params ReadOnlySpan<string> parameters)
    {
        var bound = new Value?[parameters.Length];
        if (Positional.Length > parameters.Length)
        {
            throw new TemplateException($"{what} takes at most {parameters.Length} argument{(parameters.Length == 1 ? "" : "s")} ({Positional.Length} given)");
        }

        Positional.CopyTo(bound!);
        foreach (var (name, value) in Named)
        {
            var place = parameters.IndexOf(name);
            if (place < 0)
            {
                throw new TemplateException($"{what} got an unexpected keyword argument '{name}'");
            }

            if (bound[place] is not null)
            {
                throw new TemplateException($"{what} got multiple values for argument '{name}'");
            }

            bound[place] = value;
        }

        for (var i = 0; i < required; i++)
        {
            if (bound[i] is null)
            {
                throw new TemplateException($"{what} is missing the required argument '{parameters[i]}'");
            }
        }

        return bound;
    }
}

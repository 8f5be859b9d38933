namespace Gateway.Playbooks.Expressions;

/// <summary>What rendering one template may cost; more is refused, so that hostile text can neither hang the program nor fill its memory.</summary>
/// <param name="Steps">Expressions evaluated, loop passes and items touched.</param>
/// <param name="Depth">Nesting of expressions, calls and variables that refer to variables.</param>
/// <param name="Characters">Characters of text made, all intermediate texts counted.</param>
/// <param name="Regex">Time for one regular expression on one text.</param>
public sealed record TemplateLimits(int Steps, int Depth, int Characters, TimeSpan Regex)
{
    /// <summary>5 million steps, 100 deep, 16 million characters, one second.</summary>
    public static TemplateLimits Default { get; } = new(5_000_000, 100, 16_000_000, TimeSpan.FromSeconds(1));
}

using System.Text.RegularExpressions;

namespace Gateway.Reconciliation.Desired;

/// <summary>The names that documents may give to things.</summary>
internal static partial class Names
{
    /// <summary>What the name of a container kept for rolling back ends with; no document may give a name that does.</summary>
    public const string PreviousSuffix = ".previous";

    /// <summary>Labels that only the supervisor gives.</summary>
    public const string LabelPrefix = "io.gateway.";

    /// <summary>An application or service: letters, digits, <c>_</c>, <c>-</c>, <c>.</c>, beginning with a letter or digit, at most 63.</summary>
    public static bool IsName(string name) => name.Length <= 63 && Name().IsMatch(name) && !name.EndsWith(PreviousSuffix, StringComparison.Ordinal);

    /// <summary>A container, as the engine allows it (moby's RestrictedNamePattern), at most 128.</summary>
    public static bool IsContainer(string name) => name.Length is > 1 and <= 128 && Name().IsMatch(name) && !name.EndsWith(PreviousSuffix, StringComparison.Ordinal);

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}

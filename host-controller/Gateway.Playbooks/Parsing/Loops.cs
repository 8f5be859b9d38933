using System.Collections.Frozen;

namespace Gateway.Playbooks.Parsing;

/// <summary>The <c>with_</c> forms of loops and the lookup each is made by.</summary>
public static class Loops
{
    private static readonly string[] Lookups =
    [
        "dict", "env", "file", "fileglob", "first_found", "indexed_items", "items", "list", "nested", "pipe", "sequence", "subelements", "template",
        "together", "url", "vars", "varnames",
    ];

    /// <summary>Lookups by keyword.</summary>
    public static FrozenDictionary<string, string> ByKeyword { get; } = Lookups.ToFrozenDictionary(lookup => "with_" + lookup, lookup => lookup, StringComparer.Ordinal);

    /// <summary>The keywords.</summary>
    public static IEnumerable<string> Keys => ByKeyword.Keys;
}

using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Reconciliation.Desired;

/// <summary>A reference to an image (grammar: github.com/distribution/reference), with Docker Hub's short names written out.</summary>
/// <param name="Registry">Host and port: <c>docker.io</c> when none is given; empty for a bare image id.</param>
/// <param name="Repository">Path in the registry: <c>library/nginx</c>; empty for a bare image id.</param>
/// <param name="Tag">The tag, or null.</param>
/// <param name="Digest"><c>sha256:</c> and 64 lower-case hexadecimal digits, or null.</param>
public sealed partial record ImageReference(string Registry, string Repository, string? Tag, string? Digest)
{
    /// <summary>Registry and repository.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>Whether it is the id of an image that was loaded by hand: no registry has it under that name.</summary>
    public bool IsId => Registry.Length == 0 && Digest is not null;

    /// <summary>What is pulled: by digest when there is one, else by tag.</summary>
    public string Pull => IsId ? Digest! : Digest is null ? $"{Name}:{Tag ?? "latest"}" : $"{Name}@{Digest}";

    /// <summary>Written in full: <c>registry/repository:tag@digest</c>.</summary>
    public override string ToString() => IsId ? Digest! : Name + (Tag is null ? "" : $":{Tag}") + (Digest is null ? "" : $"@{Digest}");

    /// <summary>Reads a reference; false when it is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = Id().IsMatch(text) ? new ImageReference("", "", null, text) : null;
        if (reference is not null)
        {
            return true;
        }

        var match = text.Length <= 512 ? Form().Match(text) : Match.Empty;
        if (!match.Success)
        {
            return false;
        }

        var name = match.Groups["name"].Value;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var hasRegistry = first.AsSpan().IndexOfAny(".:") >= 0 || first == "localhost";
        var registry = hasRegistry ? first : "docker.io";
        var repository = hasRegistry ? name[(slash + 1)..] : slash < 0 ? $"library/{name}" : name;
        registry = registry is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : registry;
        if (repository.Contains(':', StringComparison.Ordinal) || repository.Length > 255 || registry.Any(char.IsAsciiLetterUpper))
        {
            return false;
        }

        reference = new ImageReference(registry, repository, Optional(match, "tag"), Optional(match, "digest"));
        return true;
    }

    private static string? Optional(Match match, string group) => match.Groups[group] is { Success: true } found ? found.Value : null;

    [GeneratedRegex(
        @"^(?<name>([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?/)?[a-z0-9]+(([.]|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+(([.]|_|__|-+)[a-z0-9]+)*)*)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Form();

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Id();
}

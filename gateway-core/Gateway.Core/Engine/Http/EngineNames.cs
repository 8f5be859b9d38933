using System.Text.RegularExpressions;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>
/// Names that go into a request's path. A name with a slash or dots of its own would be another request, and an empty one
/// (<c>DELETE /containers/</c>) too: they are refused before they are sent.
/// </summary>
internal static partial class EngineNames
{
    /// <summary>The path with the checked name in it.</summary>
    public static Result<string> Path(Phase phase, string kind, string name, string before, string after = "") =>
        PlainName().IsMatch(name)
            ? before + name + after
            : EngineFailures.BadArgument(phase, $"{kind} {OneLine.Of(name)}", $"`{OneLine.Of(name)}` is not a name or id of a {kind}");

    /// <summary>The same for an image's reference or id.</summary>
    public static Result<string> ImagePath(Phase phase, string reference, string after = "") =>
        IsImage(reference)
            ? "/images/" + reference + after
            : NotAnImage(phase, reference);

    public static bool IsImage(string reference) => Reference().IsMatch(reference) && !reference.Contains("..", StringComparison.Ordinal);

    public static Failure NotAnImage(Phase phase, string reference) =>
        EngineFailures.BadArgument(phase, $"image {OneLine.Of(reference)}", $"`{OneLine.Of(reference)}` is not a reference to an image");

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainName();

    // As in github.com/distribution/reference, loosely: the engine checks the rest.
    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9._-]|[:/@](?=[a-zA-Z0-9])|\[[0-9a-f:]+\]){0,511}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Reference();
}

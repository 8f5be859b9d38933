using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.Ctl.Documents;

/// <summary>A document that a gateway would read without complaint.</summary>
/// <param name="Text">The bytes.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Release">Its release block; null only where none was asked for.</param>
/// <param name="Applications">Names of a desired state's applications; else empty.</param>
/// <param name="Summary">What is in it: "2 plays, 7 tasks".</param>
/// <param name="Warnings">What has no effect, one line each.</param>
internal sealed record Document(
    Verified<SourceText> Text,
    DocumentKind Kind,
    Release? Release,
    ImmutableArray<string> Applications,
    string Summary,
    ImmutableArray<string> Warnings);

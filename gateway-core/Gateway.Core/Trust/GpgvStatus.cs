using System.Collections.Immutable;

namespace Gateway.Core.Trust;

/// <summary>One of gpgv's status lines (GnuPG, doc/DETAILS): <c>[GNUPG:] KEYWORD field field …</c>.</summary>
internal sealed record GpgvStatus(string Keyword, ImmutableArray<string> Fields)
{
    private const string Prefix = "[GNUPG:] ";

    /// <summary>The field with this number, counted from 1 as FORMATS and DETAILS do; empty when there is none.</summary>
    public string this[int number] => number <= Fields.Length ? Fields[number - 1] : "";

    /// <summary>The lines, or null when anything else is among them or the last one is cut.</summary>
    public static ImmutableArray<GpgvStatus>? ReadAll(string output)
    {
        if (output.Length > 0 && output[^1] != '\n')
        {
            return null;
        }

        var lines = output.Split('\n')[..^1];
        return lines.All(line => line.StartsWith(Prefix, StringComparison.Ordinal) && line.Length > Prefix.Length)
            ? [.. lines.Select(line => line[Prefix.Length..].Split(' ')).Select(words => new GpgvStatus(words[0], [.. words.Skip(1)]))]
            : null;
    }
}

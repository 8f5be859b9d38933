using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Yaml;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads a playbook whole and refuses it whole, with every thing that is wrong and where.</summary>
public static class PlaybookParser
{
    /// <summary>The playbook, or everything that is wrong with it, each with <c>file:line:col</c>.</summary>
    public static Result<Playbook> Parse(Verified<SourceText> source, ParseOptions options)
    {
        if (!YamlReader.Read(source.Value, tags: Yaml11.Tags).TryGet(out var root, out var unreadable))
        {
            return unreadable;
        }

        if (root is not YamlSequence list)
        {
            return Failure.At(Phase.Parse, root.At, $"a playbook is a list of plays, not {root.Kind}");
        }

        var scope = new ParseScope(options);
        var parsed = new PlayListParser(scope).Parse(list, PlaybookImport.None).ToImmutableArray();
        var release = options.RequireRelease ? ReleaseOf(list, scope) : null;
        if (list.Items.IsEmpty)
        {
            scope.Fail(list, "the playbook holds no play");
        }

        return scope.Failures.Count > 0
            ? InOrder(scope.Failures)
            : new Playbook(source.Value.Name, source.Sha256, release, parsed) { Options = options };
    }

    private static Release? ReleaseOf(YamlSequence plays, ParseScope scope)
    {
        if (plays.Items.FirstOrDefault() is not YamlMapping first || first["vars"] is not YamlMapping vars || vars["release"] is not { } block)
        {
            scope.Fail(plays.Items.FirstOrDefault() ?? plays, "the first play needs 'vars: release:' with serial, expires and targets");
            return null;
        }

        return ReleaseBlock.Parse(block, scope.Failures);
    }

    private static ImmutableArray<Failure> InOrder(List<Failure> failures) =>
        [.. failures.Distinct().Select((failure, index) => (failure, index, place: Place(failure))).OrderBy(entry => entry.place).ThenBy(entry => entry.index).Select(entry => entry.failure)];

    private static (int Line, int Column) Place(Failure failure)
    {
        var parts = failure.Subject.Split(':');
        return parts.Length >= 3 && int.TryParse(parts[^2], out var line) && int.TryParse(parts[^1], out var column) ? (line, column) : (0, 0);
    }
}

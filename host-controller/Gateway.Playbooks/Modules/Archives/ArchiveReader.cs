using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>Looks into an archive, and at what is there of it.</summary>
internal static partial class ArchiveReader
{
    private const int Most = 100_000;

    public static async Task<Result<UnarchiveFacts>> ReadAsync(UnarchiveArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        string Expand(string path) => Expansion.Of(path, reader, context);
        var destination = Expand(arguments.Destination);
        var facts = new UnarchiveFacts(null, destination, reader.Stat(destination, follow: true), arguments.Attributes.Resolve(reader)) { Target = reader.OnThisMachine(destination) };
        if (arguments.Creates is { } creates && reader.AnyMatch(Expand(creates)))
        {
            return facts with { NotNeeded = $"skipped, since {Expand(creates)} exists" };
        }

        if (facts.Folder is not { Kind: FileKind.Directory })
        {
            return facts with { Problem = $"dest '{destination}' must be an existing dir" };
        }

        if (arguments.Request is not null && context.Round == 0)
        {
            return facts;
        }

        if (!Source(arguments, context, reader).TryGet(out var source, out var wrong))
        {
            return facts with { Problem = wrong[0].Message };
        }

        return await LookAsync(facts with { Source = source }, arguments, reader, cancellation);
    }

    private static Result<string> Source(UnarchiveArguments arguments, ModuleContext context, IHostReader reader)
    {
        var source = arguments.Request is not null ? arguments.Fetched : Expansion.Of(arguments.Source, reader, context);
        if (!arguments.RemoteSource)
        {
            return reader.PlaybookPath(source);
        }

        return reader.Stat(source, follow: true) switch
        {
            null => new Failure(Phase.Apply, source, $"Source '{source}' does not exist"),
            { Kind: FileKind.File, Size: 0 } => new Failure(Phase.Apply, source, $"Invalid archive '{source}', the file is 0 bytes"),
            _ => reader.OnThisMachine(source),
        };
    }

    private static async Task<UnarchiveFacts> LookAsync(UnarchiveFacts facts, UnarchiveArguments arguments, IHostReader reader, CancellationToken cancellation)
    {
        foreach (var (handler, flags) in ArchiveCommands.Tar)
        {
            var listed = await reader.RunAsync("tar", ["--list", "-C", facts.Target, .. flags, .. ArchiveCommands.Names(arguments), .. arguments.Exclude.Select(pattern => "--exclude=" + pattern), "-f", facts.Source!, .. arguments.Include], cancellation);
            if (listed.ExitCode == 0 && listed.StandardOutput.Length > 0)
            {
                return await TarAsync(facts with { Handler = handler, Names = Lines(listed.StandardOutput) }, arguments, reader, cancellation);
            }
        }

        var zip = await reader.RunAsync("unzip", ["-v", facts.Source!], cancellation);
        return zip.ExitCode == 0
            ? ZipState(facts with { Handler = ArchiveCommands.Zip }, arguments, zip.StandardOutput, reader)
            : facts with { Problem = $"Failed to find handler for \"{facts.Source}\". Make sure the required command to extract the file is installed." };
    }

    private static async Task<UnarchiveFacts> TarAsync(UnarchiveFacts facts, UnarchiveArguments arguments, IHostReader reader, CancellationToken cancellation)
    {
        var compared = await reader.RunAsync(
            "tar", ["--diff", "-C", facts.Target, .. ArchiveCommands.Flags(facts.Handler!), .. ArchiveCommands.Common(arguments), "-f", facts.Source!, .. arguments.Include], cancellation);
        var (owner, group, mode) = (facts.Wanted.Uid is not null, facts.Wanted.Gid is not null, facts.Wanted.Mode is not null);

        // Owner and mode that the task sets itself, and times of folders, are no differences.
        var different = Lines(compared.StandardOutput + "\n" + compared.StandardError).Where(line =>
            !(line.EndsWith(": Uid differs", StringComparison.Ordinal) && owner)
            && !(line.EndsWith(": Gid differs", StringComparison.Ordinal) && group)
            && !(line.EndsWith(": Mode differs", StringComparison.Ordinal) && mode)
            && !(line.EndsWith(": Mod time differs", StringComparison.Ordinal) && IsFolder(facts, line[..^": Mod time differs".Length]))
            && !line.StartsWith("tar: Removing leading", StringComparison.Ordinal) && line.Length > 0);
        var differences = compared.ExitCode == 0 ? "" : string.Join('\n', different);
        return facts with { Differences = differences, Entries = differences.Length > 0 ? [] : Entries(facts, reader) };
    }

    private static bool IsFolder(UnarchiveFacts facts, string name) => facts.Names.Contains(name.TrimEnd('/') + "/");

    /// <summary>What unzip lists: length, method, size, ratio, date, time, CRC-32, name.</summary>
    private static UnarchiveFacts ZipState(UnarchiveFacts facts, UnarchiveArguments arguments, string listing, IHostReader reader)
    {
        var differences = new List<string>();
        var names = new List<string>();
        foreach (var match in Lines(listing).Select(line => ZipEntry().Match(line)).Where(match => match.Success))
        {
            var name = match.Groups[3].Value;
            if (arguments.Exclude.Any(pattern => PackageSpec.Matches(name, pattern)) || (arguments.Include.Length > 0 && !arguments.Include.Any(pattern => PackageSpec.Matches(name, pattern))))
            {
                continue;
            }

            names.Add(name);
            var path = Folders.In(facts.Destination, name.TrimEnd('/'));
            var here = reader.Stat(path, follow: true);
            var same = name.EndsWith('/')
                ? here is { Kind: FileKind.Directory }
                : here is { Kind: FileKind.File } && here.Size.ToString(System.Globalization.CultureInfo.InvariantCulture) == match.Groups[1].Value
                    && reader.Sum(path, "crc32").TryGet(out var sum, out _) && sum == match.Groups[2].Value;
            if (!same)
            {
                differences.Add(name);
            }
        }

        facts = facts with { Names = [.. names], Differences = string.Join('\n', differences) };
        return facts with { Entries = differences.Count > 0 ? [] : Entries(facts, reader) };
    }

    private static ImmutableArray<TreeEntry> Entries(UnarchiveFacts facts, IHostReader reader) =>
    [
        .. facts.Names.Take(Most).Select(name => Folders.In(facts.Destination, name.TrimEnd('/')))
            .Select(path => (Path: path, State: reader.Stat(path, follow: false))).Where(entry => entry.State is not null).Select(entry => new TreeEntry(entry.Path, entry.State!)),
    ];

    private static ImmutableArray<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    [GeneratedRegex(@"^ *(\d+)  \S+ +\d+ +-?\d+% \S+ \S+ ([0-9a-f]{8})  (.+)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ZipEntry();
}

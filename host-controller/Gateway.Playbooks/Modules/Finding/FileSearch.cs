using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Modules;

/// <summary>Walks folders and keeps what fits; names in a folder come as the file system has them, as in Ansible.</summary>
internal sealed class FileSearch(FindArguments arguments, IHostReader reader)
{
    private const int MostExamined = 500_000;
    private const long LargestContent = 64L * 1024 * 1024;

    private readonly List<DictValue> found = [];
    private readonly List<KeyValuePair<string, string>> skipped = [];
    private readonly List<ModuleRegex> patterns = arguments.IsRegex ? [.. arguments.Patterns.Select(pattern => ModuleRegex.Compile(pattern))] : [];
    private readonly List<ModuleRegex> excludes = arguments.IsRegex ? [.. arguments.Excludes.Select(pattern => ModuleRegex.Compile(pattern))] : [];
    private readonly ModuleRegex? content = arguments.Contains is { } contains ? ModuleRegex.Compile(ByteText.Of(contains)) : null;
    private int examined;

    public Result<FindFacts> Run()
    {
        try
        {
            foreach (var path in arguments.Paths)
            {
                if (reader.Stat(path, follow: true) is not { Kind: FileKind.Directory })
                {
                    skipped.Add(new(path, $"'{path}' is not a directory"));
                    continue;
                }

                Walk(path, 1);
            }
        }
        catch (TemplateException wrong)
        {
            return new Failure(Phase.Observe, "find", wrong.Message);
        }

        return examined > MostExamined
            ? new Failure(Phase.Observe, "find", $"more than {MostExamined} files and folders were looked at: narrow 'paths'")
            : new FindFacts([.. found], examined, [.. skipped]);
    }

    private void Walk(string folder, int depth)
    {
        var entries = reader.ListAsFound(folder)
            .Select(name => (Path: Folders.In(folder, name), State: reader.Stat(Folders.In(folder, name), follow: false)))
            .Where(entry => entry.State is not null)
            .Select(entry => (entry.Path, State: entry.State!, IsFolder: reader.Stat(entry.Path, follow: true) is { Kind: FileKind.Directory }))
            .ToList();
        examined += entries.Count;
        if (examined > MostExamined || (arguments.Depth is { } most && most > 0 && depth > most))
        {
            return;
        }

        foreach (var (path, state, _) in entries.OrderBy(entry => entry.IsFolder))
        {
            if ((arguments.Hidden || !Folders.Name(path).StartsWith('.')) && Fits(path, state))
            {
                Keep(path, state);
            }
        }

        foreach (var (path, state, _) in entries.Where(entry => arguments.Recurse && entry.IsFolder && (arguments.Follow || entry.State.Kind == FileKind.Directory)))
        {
            // Links that are followed may lead in circles: the bound on what is looked at, and on the depth, ends that.
            if (depth < 100)
            {
                Walk(path, depth + 1);
            }
        }
    }

    private void Keep(string path, FileState state)
    {
        var result = StatResult.Of(path, state, reader);
        if (arguments.Algorithm is { } algorithm && state.Kind == FileKind.File && reader.Sum(path, algorithm).TryGet(out var sum, out _))
        {
            result = result.With("checksum", sum);
        }

        found.Add(result);
    }

    private bool Fits(string path, FileState state)
    {
        var kind = arguments.Type switch
        {
            "any" => true,
            "directory" => state.Kind == FileKind.Directory,
            "link" => state.Kind == FileKind.Link,
            _ => state.Kind == FileKind.File,
        };
        return kind && NameFits(Folders.Name(path)) && AgeFits(state)
            && (state.Kind != FileKind.File || SizeFits(state))
            && (arguments.Type != "file" || ContentFits(path));
    }

    private bool NameFits(string name) => arguments.IsRegex
        ? (patterns.Count == 0 || patterns.Exists(pattern => pattern.MatchesStart(name))) && !excludes.Exists(pattern => pattern.MatchesStart(name))
        : (arguments.Patterns.IsEmpty || arguments.Patterns.Any(pattern => PackageSpec.Matches(name, pattern)))
            && !arguments.Excludes.Any(pattern => PackageSpec.Matches(name, pattern));

    private bool AgeFits(FileState state)
    {
        if (arguments.Age is not { } age)
        {
            return true;
        }

        var stamp = arguments.AgeStamp switch { "atime" => state.Accessed, "ctime" => state.Changed, _ => state.Modified };
        var old = (reader.Now - stamp).TotalSeconds;
        return age >= 0 ? old >= age : old <= -age;
    }

    private bool SizeFits(FileState state) => arguments.Size switch
    {
        null => true,
        >= 0 and var least => state.Size >= least,
        var most => state.Size <= -most,
    };

    private bool ContentFits(string path)
    {
        if (content is null)
        {
            return true;
        }

        if (!reader.ReadFile(path, LargestContent).TryGet(out var bytes, out var wrong))
        {
            skipped.Add(new(path, wrong[0].Message));
            return false;
        }

        var text = ByteText.Of(bytes);
        return arguments.WholeFile ? content.Search(text) is not null : ByteText.Lines(text).Exists(content.MatchesStart);
    }
}

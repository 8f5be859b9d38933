using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Yaml;

namespace Gateway.Playbooks.Modules;

/// <summary>Which files of variables are asked for.</summary>
/// <param name="File">One file; null for a folder.</param>
/// <param name="Folder">A folder; null for one file.</param>
/// <param name="Under">The variable that holds them all; null to set each.</param>
public sealed record IncludeVarsArguments(string? File, string? Folder, string? Under)
{
    /// <summary>Levels of folders; 0 for all.</summary>
    public long Depth { get; init; }

    public string? Matching { get; init; }

    public ImmutableArray<string> Ignored { get; init; } = [];

    public ImmutableArray<string> Extensions { get; init; } = [];

    public bool IgnoresUnknownExtensions { get; init; }
}

/// <summary>Variables that were read, and from where.</summary>
public sealed record IncludedVars(DictValue Variables, ImmutableArray<string> Files)
{
    /// <summary>Why they cannot be read; null when they were.</summary>
    public string? Wrong { get; init; }
}

/// <summary>ansible.builtin.include_vars: variables from files that came with the playbook.</summary>
public sealed class IncludeVarsModule() : TaskModule<IncludeVarsArguments, IncludedVars>("include_vars", Options, "ansible.builtin.include_vars", "ansible.legacy.include_vars")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("file") { Aliases = ["_raw_params"] },
        new Option("dir"),
        new Option("name"),
        new Option("depth", OptionType.Integer) { Default = 0L },
        new Option("files_matching"),
        new Option("ignore_files", OptionType.Texts),
        new Option("extensions", OptionType.Texts) { Default = Results.List(["yaml", "yml", "json"]) },
        new Option("ignore_unknown_extensions", OptionType.Boolean) { Default = false },
        new Option("hash_behaviour") { Choices = ["replace"] },
    ])
    {
        FreeForm = "file",
        OneOf = [["file", "dir"]],
        Exclusive = [["file", "dir"]],
    };

    public override Result<IncludeVarsArguments> Parse(OptionValues options, ModuleContext context) => new IncludeVarsArguments(options.Text("file"), options.Text("dir"), options.Text("name"))
    {
        Depth = options.Integer("depth") ?? 0,
        Matching = options.Text("files_matching"),
        Ignored = options.Texts("ignore_files"),
        Extensions = options.Texts("extensions"),
        IgnoresUnknownExtensions = options.Is("ignore_unknown_extensions"),
    };

    public override Task<Result<IncludedVars>> ReadAsync(IncludeVarsArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<IncludedVars>>((arguments.File is { } file ? One(file, reader) : Folder(arguments, context, reader)).TryGet(out var read, out var wrong)
            ? read
            : new IncludedVars(DictValue.Empty, []) { Wrong = string.Join("; ", wrong.Select(failure => failure.Message)) });

    public override TaskPlan Plan(IncludeVarsArguments arguments, IncludedVars facts, ModuleContext context)
    {
        if (facts.Wrong is { } wrong)
        {
            return TaskPlan.Nothing(Results.Of(("ansible_facts", DictValue.Empty), ("ansible_included_var_files", ListValue.Empty), ("changed", false), ("failed", true), ("message", wrong)));
        }

        var variables = arguments.Under is { } name ? DictValue.Of((name, facts.Variables)) : facts.Variables;

        // Not marked as text of the machine: templates in the files are rendered when they are used.
        return TaskPlan.Nothing(DictValue.Of(("ansible_facts", variables), ("ansible_included_var_files", Results.List(facts.Files)), ("changed", false)));
    }

    private static Result<IncludedVars> One(string name, IHostReader reader) => reader.PlaybookFile(name, SourceText.LargestDocument, "vars")
        .Then(file => Variables(file.Path, file.Content).Then<IncludedVars>(variables => new IncludedVars(variables, [file.Path])));

    private static Result<IncludedVars> Folder(IncludeVarsArguments arguments, ModuleContext context, IHostReader reader)
    {
        if (reader.FindPlaybookPath(arguments.Folder!, "vars") is not { } folder)
        {
            return Refuse(context, $"{reader.PlaybookPlace(arguments.Folder!)} directory does not exist");
        }

        if (reader.Machine.Stat(folder, follow: true)?.Kind != FileKind.Directory)
        {
            return Refuse(context, $"{folder} is not a directory");
        }

        var all = new IncludedVars(DictValue.Empty, []);
        foreach (var path in Walk(folder, 1, arguments.Depth, reader.Machine))
        {
            if (!Takes(arguments, path, out var wrong))
            {
                if (wrong is not null)
                {
                    return Refuse(context, wrong);
                }

                continue;
            }

            if (!reader.Machine.ReadFile(path, SourceText.LargestDocument).Then(content => Variables(path, content)).TryGet(out var more, out var unreadable))
            {
                return unreadable;
            }

            all = new IncludedVars(all.Variables.With(more), all.Files.Add(path));
        }

        return all;
    }

    private static bool Takes(IncludeVarsArguments arguments, string path, out string? wrong)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        wrong = null;
        if (arguments.Ignored.Any(ignored => Matches(ignored, name)) || (arguments.Matching is { } pattern && !Matches(pattern, name)))
        {
            return false;
        }

        var extension = name.LastIndexOf('.') is var dot and > 0 ? name[(dot + 1)..] : "";
        if (arguments.Extensions.Contains(extension))
        {
            return true;
        }

        wrong = arguments.IgnoresUnknownExtensions ? null : $"{path} does not have a valid extension: {string.Join(", ", arguments.Extensions)}";
        return false;
    }

    private static bool Matches(string pattern, string name)
    {
        try
        {
            return Regex.IsMatch(name, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Walk(string folder, int level, long deepest, IHostReader reader)
    {
        foreach (var name in reader.List(folder))
        {
            var path = $"{folder.TrimEnd('/')}/{name}";
            switch (reader.Stat(path, follow: true)?.Kind)
            {
                case FileKind.File:
                    yield return path;
                    break;
                case FileKind.Directory when level < 20 && (deepest == 0 || level < deepest):
                    foreach (var inner in Walk(path, level + 1, deepest, reader))
                    {
                        yield return inner;
                    }

                    break;
            }
        }
    }

    private static Result<DictValue> Variables(string path, ReadOnlyMemory<byte> content) => content.Span.Trim(" \n\r\t"u8).IsEmpty ? DictValue.Empty
        : YamlReader.Read(new SourceText(path, content), tags: Yaml11.Tags).Then(Yaml11.ToValue).Then<DictValue>(value => value switch
        {
            DictValue variables => variables,
            NullValue => DictValue.Empty,
            _ => new Failure(Phase.Apply, path, $"{path} must be stored as a dictionary/hash"),
        });
}

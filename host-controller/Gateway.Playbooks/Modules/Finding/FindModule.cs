using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.find: files and folders that fit.</summary>
public sealed class FindModule() : TaskModule<FindArguments, FindFacts>("find", Options, "ansible.builtin.find", "ansible.legacy.find")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("paths", OptionType.Texts) { Required = true, Aliases = ["name", "path"] },
        new Option("patterns", OptionType.Texts) { Aliases = ["pattern"] },
        new Option("excludes", OptionType.Texts) { Aliases = ["exclude"] },
        new Option("use_regex", OptionType.Boolean) { Default = false },
        new Option("contains"),
        new Option("read_whole_file", OptionType.Boolean) { Default = false },
        new Option("file_type") { Default = "file", Choices = ["any", "directory", "file", "link"] },
        new Option("age"),
        new Option("age_stamp") { Default = "mtime", Choices = ["atime", "ctime", "mtime"] },
        new Option("size"),
        new Option("recurse", OptionType.Boolean) { Default = false },
        new Option("depth", OptionType.Integer),
        new Option("hidden", OptionType.Boolean) { Default = false },
        new Option("follow", OptionType.Boolean) { Default = false },
        new Option("get_checksum", OptionType.Boolean) { Default = false },
        new Option("checksum_algorithm") { Default = "sha1", Choices = StatResult.Algorithms, Aliases = ["checksum", "checksum_algo"] },
    ]);

    public override Result<FindArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (age, size) = (options.Text("age"), options.Text("size"));
        var arguments = new FindArguments(options.Texts("paths"))
        {
            Patterns = options.Texts("patterns"),
            Excludes = options.Texts("excludes"),
            IsRegex = options.Is("use_regex"),
            Contains = options.Text("contains"),
            WholeFile = options.Is("read_whole_file"),
            Type = options.TextOf("file_type"),
            Age = Quantity(age, "smhdw", [1, 60, 3600, 86_400, 604_800]),
            AgeStamp = options.TextOf("age_stamp"),
            Size = Quantity(size, "bkmgt", [1, 1L << 10, 1L << 20, 1L << 30, 1L << 40]),
            Recurse = options.Is("recurse"),
            Depth = (int?)options.Integer("depth"),
            Hidden = options.Is("hidden"),
            Follow = options.Is("follow"),
            Algorithm = options.Is("get_checksum") ? options.TextOf("checksum_algorithm") : null,
        };
        var problem = age is not null && arguments.Age is null ? "failed to process age"
            : size is not null && arguments.Size is null ? "failed to process size"
            : ModuleRegex.Problem(arguments.Contains)
                ?? (arguments.IsRegex ? arguments.Patterns.Concat(arguments.Excludes).Select(ModuleRegex.Problem).FirstOrDefault(wrong => wrong is not null) : null);
        return problem is null ? arguments : Refuse(context, problem);
    }

    public override Task<Result<FindFacts>> ReadAsync(FindArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(new FileSearch(arguments with { Paths = [.. arguments.Paths.Select(path => Expansion.Of(path, reader, context))] }, reader).Run());

    public override TaskPlan Plan(FindArguments arguments, FindFacts facts, ModuleContext context) => TaskPlan.Nothing(Results.Of(
        ("changed", false),
        ("files", ListValue.Of(facts.Files)),
        ("examined", (long)facts.Examined),
        ("matched", (long)facts.Files.Length),
        ("msg", facts.Skipped.IsEmpty ? "All paths examined" : "Not all paths examined, check warnings for details"),
        ("skipped_paths", DictValue.Of(facts.Skipped.Select(pair => new KeyValuePair<string, Value>(pair.Key, pair.Value)))))) with
    {
        Warnings = [.. facts.Skipped.Select(pair => $"Skipped '{pair.Key}' path due to this access issue: {pair.Value}\n")],
    };

    /// <summary>A number with a unit, as <c>-3d</c> or <c>10m</c>; null when it is none.</summary>
    private static long? Quantity(string? text, string units, ImmutableArray<long> factors)
    {
        if (text is null || text.Length == 0)
        {
            return null;
        }

        var unit = units.IndexOf(char.ToLowerInvariant(text[^1]), StringComparison.Ordinal);
        var number = unit >= 0 ? text[..^1] : text;
        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && Math.Abs(count) < 1L << 22
            ? count * factors[Math.Max(unit, 0)]
            : unit < 0 && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count) ? count : null;
    }
}

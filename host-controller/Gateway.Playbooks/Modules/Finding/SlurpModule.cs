using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>slurp</c> task depends on.</summary>
public sealed record SlurpFacts(string Path, FileState? State, ReadOnlyMemory<byte> Content);

/// <summary>ansible.builtin.slurp: a file's content in base64.</summary>
public sealed class SlurpModule() : TaskModule<string, SlurpFacts>("slurp", Options, "ansible.builtin.slurp", "ansible.legacy.slurp")
{
    private const long Largest = 16L * 1024 * 1024;

    private static readonly ModuleSchema Options = new([new Option("src", OptionType.Path) { Required = true, Aliases = ["path"] }]);

    public override Result<string> Parse(OptionValues options, ModuleContext context) => options.TextOf("src");

    public override Task<Result<SlurpFacts>> ReadAsync(string arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var path = Expansion.Of(arguments, reader, context);
        var state = reader.Stat(path, follow: true);
        return Task.FromResult<Result<SlurpFacts>>(state is null && reader.Hidden(path, follow: true) is { } hidden
            ? new Failure(Phase.Observe, path, $"unable to slurp file: [Errno {hidden.Number}] {hidden.Text}: '{path}'")
            : state is null or { Kind: FileKind.Directory }
            ? new SlurpFacts(path, state, default)
            : reader.ReadFile(path, Largest).Then<SlurpFacts>(content => new SlurpFacts(path, state, content)));
    }

    public override TaskPlan Plan(string arguments, SlurpFacts facts, ModuleContext context) => facts.State switch
    {
        null => TaskPlan.Failure($"file not found: {facts.Path}"),
        { Kind: FileKind.Directory } => TaskPlan.Failure($"source is a directory and must be a file: {facts.Path}"),
        _ => TaskPlan.Nothing(Results.Of(("changed", false), ("content", Convert.ToBase64String(facts.Content.Span)), ("source", facts.Path), ("encoding", "base64"))),
    };
}

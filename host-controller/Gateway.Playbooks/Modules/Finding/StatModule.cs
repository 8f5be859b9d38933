using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>stat</c> task asks for.</summary>
public sealed record StatArguments(string Path, bool Follow, string? Algorithm, bool Type, bool Attributes);

/// <summary>ansible.builtin.stat: what stands at a path.</summary>
public sealed class StatModule() : TaskModule<StatArguments, DictValue>("stat", Options, "ansible.builtin.stat", "ansible.legacy.stat")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("path", OptionType.Path) { Required = true, Aliases = ["dest", "name"] },
        new Option("follow", OptionType.Boolean) { Default = false },
        new Option("get_checksum", OptionType.Boolean) { Default = true },
        new Option("checksum_algorithm") { Default = "sha1", Choices = StatResult.Algorithms, Aliases = ["checksum", "checksum_algo"] },
        new Option("get_mime", OptionType.Boolean) { Default = true, Aliases = ["mime", "mime_type", "mime-type"] },
        new Option("get_attributes", OptionType.Boolean) { Default = true, Aliases = ["attr", "attributes"] },
    ]);

    public override Result<StatArguments> Parse(OptionValues options, ModuleContext context) => new StatArguments(
        options.TextOf("path"), options.Is("follow"), options.Is("get_checksum") ? options.TextOf("checksum_algorithm") : null, options.Is("get_mime"), options.Is("get_attributes"));

    public override async Task<Result<DictValue>> ReadAsync(StatArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var path = Expansion.Of(arguments.Path, reader, context);
        if (reader.Stat(path, arguments.Follow) is not { } state)
        {
            return reader.Hidden(path, arguments.Follow) is { } hidden ? new Failure(Phase.Observe, path, hidden.Text) : Results.Of(("exists", false));
        }

        var result = StatResult.More(StatResult.Of(path, state, reader), state, reader.Stat(path, follow: true));
        if (state.LinkTarget is { } target)
        {
            result = result.With("lnk_source", reader.RealPath(path)).With("lnk_target", target);
        }

        if (arguments.Algorithm is { } algorithm && state.Kind == FileKind.File && reader.Sum(path, algorithm).TryGet(out var sum, out _))
        {
            result = result.With("checksum", sum);
        }

        result = arguments.Type ? result.With(await TypeAsync(path, reader, cancellation)) : result;
        return arguments.Attributes ? result.With(await AttributesAsync(path, reader, cancellation)) : result;
    }

    public override TaskPlan Plan(StatArguments arguments, DictValue facts, ModuleContext context) => TaskPlan.Nothing(Results.Of(("changed", false), ("stat", facts)));

    /// <summary>What file(1) takes the content for; unknown where it is not installed.</summary>
    private static async Task<DictValue> TypeAsync(string path, IHostReader reader, CancellationToken cancellation)
    {
        var said = await reader.RunAsync("file", ["--mime-type", "--mime-encoding", reader.OnThisMachine(path)], cancellation);
        var at = said.StandardOutput.LastIndexOf(": ", StringComparison.Ordinal);
        var parts = said.ExitCode == 0 && at >= 0 ? said.StandardOutput[(at + 2)..].Split(';') : [];
        return Results.Of(
            ("mimetype", parts.Length > 0 ? parts[0].Trim() : "unknown"),
            ("charset", parts.Length > 1 ? parts[1].Split('=')[^1].Trim() : "unknown"));
    }

    private static async Task<DictValue> AttributesAsync(string path, IHostReader reader, CancellationToken cancellation)
    {
        var said = await reader.RunAsync("lsattr", ["-vd", reader.OnThisMachine(path)], cancellation);
        var words = said.StandardOutput.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (said.ExitCode != 0 || words.Length < 2)
        {
            return Results.Of(("version", NullValue.None), ("attributes", ListValue.Empty), ("attr_flags", ""));
        }

        var flags = words[1].Replace("-", "", StringComparison.Ordinal).Trim();
        return Results.Of(("version", words[0]), ("attributes", Results.List(flags.Select(FileFlags.Name).OfType<string>())), ("attr_flags", flags));
    }
}

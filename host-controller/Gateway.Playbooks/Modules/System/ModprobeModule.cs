using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>modprobe</c> task asks for.</summary>
public sealed record ModprobeArguments(string Name, bool Present, string Parameters, string Persistent);

/// <summary>What a <c>modprobe</c> task depends on.</summary>
/// <param name="IsLoaded">Whether the kernel has it, built in or loaded.</param>
/// <param name="Files">Content of files that say what is loaded at boot, and with which parameters, by path.</param>
public sealed record ModprobeFacts(bool IsLoaded, ImmutableArray<KeyValuePair<string, string>> Files);

/// <summary>community.general.modprobe: kernel modules, now and after a boot.</summary>
public sealed class ModprobeModule() : TaskModule<ModprobeArguments, ModprobeFacts>("modprobe", Options, "community.general.modprobe")
{
    private const string LoadFolder = "/etc/modules-load.d";
    private const string ParameterFolder = "/etc/modprobe.d";

    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("params") { Default = "" },
        new Option("persistent") { Default = "disabled", Choices = ["absent", "disabled", "present"] },
    ]);

    public override Result<ModprobeArguments> Parse(OptionValues options, ModuleContext context)
    {
        var (name, parameters) = (options.TextOf("name"), options.TextOf("params"));
        return !IsName(name) || parameters.Contains('\n', StringComparison.Ordinal)
            ? Refuse(context, $"'{name}' is no kernel module")
            : new ModprobeArguments(name, options.TextOf("state") == "present", parameters, options.TextOf("persistent"));
    }

    public override Task<Result<ModprobeFacts>> ReadAsync(ModprobeArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        string Text(IHostReader from, string path) => from.ReadFile(path, 4 * 1024 * 1024).TryGet(out var content, out _) ? Encoding.UTF8.GetString(content.Span) : "";
        var wanted = Same(arguments.Name);
        var loaded = Text(reader.Machine, "/proc/modules").Split('\n').Any(line => Same(line.Split(' ')[0]) == wanted);
        var release = Text(reader.Machine, "/proc/sys/kernel/osrelease").Trim();
        var builtIn = Text(reader.Machine, $"/lib/modules/{release}/modules.builtin").Split('\n').Any(line => Same(Folders.Name(line).Split('.')[0]) == wanted && line.Length > 0);
        var files = new[] { LoadFolder, ParameterFolder }.SelectMany(folder => reader.List(folder).Where(name => name.EndsWith(".conf", StringComparison.Ordinal)).Select(name => Folders.In(folder, name)))
            .Select(path => new KeyValuePair<string, string>(path, Text(reader, path)));
        return Task.FromResult<Result<ModprobeFacts>>(new ModprobeFacts(loaded || builtIn, [.. files]));
    }

    public override TaskPlan Plan(ModprobeArguments arguments, ModprobeFacts facts, ModuleContext context)
    {
        var changes = new List<Change>();
        var words = arguments.Parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (arguments.Present != facts.IsLoaded)
        {
            changes.Add(new RunProcess("modprobe", arguments.Present ? [arguments.Name, .. words] : ["-r", arguments.Name]));
        }

        changes.AddRange(arguments.Persistent switch
        {
            "present" => Keep(arguments, facts),
            "absent" => facts.Files.Select(file => (File: file, Text: Without(file.Value, arguments.Name))).Where(pair => pair.Text != pair.File.Value).Select(pair => Write(pair.File.Key, pair.Text)),
            _ => [],
        });
        return new TaskPlan([.. changes], Results.Of(("name", arguments.Name), ("params", arguments.Parameters), ("state", arguments.Present ? "present" : "absent")));
    }

    private static IEnumerable<Change> Keep(ModprobeArguments arguments, ModprobeFacts facts)
    {
        bool Has(string folder, Func<string, bool> fits) =>
            facts.Files.Any(file => file.Key.StartsWith(folder, StringComparison.Ordinal) && file.Value.Split('\n').Any(line => fits(line.Split('#')[0].Trim())));
        if (!Has(LoadFolder, line => Same(line) == Same(arguments.Name)))
        {
            yield return Write($"{LoadFolder}/{arguments.Name}.conf", arguments.Name + "\n");
        }

        var options = $"options {arguments.Name} {arguments.Parameters}";
        if (arguments.Parameters.Length > 0 && !Has(ParameterFolder, line => line == options))
        {
            yield return Write($"{ParameterFolder}/{arguments.Name}.conf", options + "\n");
        }
    }

    /// <summary>The text with the lines about a module made comments.</summary>
    private static string Without(string text, string name) => string.Concat(ByteText.Lines(text).Select(line =>
        Same(line.Trim()) == Same(name) || line.TrimStart().StartsWith($"options {name} ", StringComparison.Ordinal) ? "#" + line : line));

    private static WriteFile Write(string path, string text) => new(path, Encoding.UTF8.GetBytes(text)) { Mode = 0x1A4, Uid = 0, Gid = 0 };

    internal static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary>For the kernel '-' and '_' are one.</summary>
    private static string Same(string name) => name.Replace('-', '_');
}

using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>kernel_blacklist</c> task asks for.</summary>
public sealed record BlacklistArguments(string Name, bool Present, string Path);

/// <summary>community.general.kernel_blacklist: kernel modules that are not loaded by themselves.</summary>
public sealed class KernelBlacklistModule() : TaskModule<BlacklistArguments, TextFileFacts>("kernel_blacklist", Options, "community.general.kernel_blacklist")
{
    private static readonly ModuleSchema Options = new(
    [
        new Option("name") { Required = true },
        new Option("state") { Default = "present", Choices = ["absent", "present"] },
        new Option("blacklist_file", OptionType.Path) { IsWritten = true, Default = "/etc/modprobe.d/blacklist-ansible.conf" },
    ]);

    public override Result<BlacklistArguments> Parse(OptionValues options, ModuleContext context) => ModprobeModule.IsName(options.TextOf("name"))
        ? new BlacklistArguments(options.TextOf("name"), options.TextOf("state") == "present", options.TextOf("blacklist_file"))
        : Refuse(context, $"'{options.TextOf("name")}' is no kernel module");

    public override Task<Result<TextFileFacts>> ReadAsync(BlacklistArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult(TextFileFacts.Read(arguments.Path, new FileAttributes(null, null, null), context, reader));

    public override TaskPlan Plan(BlacklistArguments arguments, TextFileFacts facts, ModuleContext context)
    {
        var lines = ByteText.Lines(facts.Text);
        bool IsIt(string line) => line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["blacklist", var name] && name == arguments.Name;
        if (lines.Exists(IsIt) != arguments.Present)
        {
            if (arguments.Present && lines.Count > 0 && !lines[^1].EndsWith('\n'))
            {
                lines[^1] += "\n";
            }

            if (arguments.Present)
            {
                lines.Add($"blacklist {arguments.Name}\n");
            }
            else
            {
                lines.RemoveAll(IsIt);
            }
        }

        var text = string.Concat(lines);
        var result = Results.Of(("name", arguments.Name), ("state", arguments.Present ? "present" : "absent"));
        return text == facts.Text ? TaskPlan.Nothing(result) : new TextFilePlan(facts, context) { HasAttributeDiff = false }.Make(text, "changed", result);
    }
}

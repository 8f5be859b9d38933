using System.Text;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>dpkg_selections</c> task asks for.</summary>
public sealed record SelectionArguments(string Name, string Selection);

/// <summary>ansible.builtin.dpkg_selections: what shall become of a package; <c>hold</c> keeps its version.</summary>
public sealed class DpkgSelectionsModule() : TaskModule<SelectionArguments, string>("dpkg_selections", Options, "ansible.builtin.dpkg_selections", "ansible.legacy.dpkg_selections")
{
    private static readonly ModuleSchema Options = new(
        [new Option("name") { Required = true }, new Option("selection") { Required = true, Choices = ["deinstall", "hold", "install", "purge"] }]);

    public override Result<SelectionArguments> Parse(OptionValues options, ModuleContext context) =>
        options.TextOf("name") is var name && name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.' or ':') && name[0] != '-'
            ? new SelectionArguments(name, options.TextOf("selection"))
            : Refuse(context, $"'{name}' is no package name");

    public override async Task<Result<string>> ReadAsync(SelectionArguments arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var said = (await reader.RunAsync("dpkg", ["--get-selections", arguments.Name], cancellation)).StandardOutput.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return said.Length >= 2 ? said[1] : "not present";
    }

    public override TaskPlan Plan(SelectionArguments arguments, string facts, ModuleContext context)
    {
        var result = Results.Of(("before", facts), ("after", arguments.Selection));
        result = context.Diff ? result.With("diff", Results.Diff($"{arguments.Name} {facts}\n", $"{arguments.Name} {arguments.Selection}\n")) : result;
        return facts == arguments.Selection
            ? TaskPlan.Nothing(result)
            : new TaskPlan([new RunProcess("dpkg", ["--set-selections"]) { StandardInput = Encoding.UTF8.GetBytes($"{arguments.Name} {arguments.Selection}\n") }], result);
    }
}

using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.service_facts: units of systemd that are services, as the fact <c>services</c>.</summary>
public sealed class ServiceFactsModule() : TaskModule<Nothing, DictValue>("service_facts", Options, "ansible.builtin.service_facts", "ansible.legacy.service_facts")
{
    private static readonly ModuleSchema Options = new([]);

    public override Result<Nothing> Parse(OptionValues options, ModuleContext context) => default(Nothing);

    public override async Task<Result<DictValue>> ReadAsync(Nothing arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var services = new SortedDictionary<string, DictValue>(StringComparer.Ordinal);
        var units = await reader.RunAsync("systemctl", ["list-units", "--no-pager", "--no-legend", "--plain", "--type", "service", "--all"], cancellation);
        foreach (var fields in Rows(units).Where(fields => fields.Length >= 4))
        {
            // Of a unit that is not loaded the second column says why.
            var state = fields[1] is "not-found" or "masked" || fields[2] == "failed" ? fields[1] == "loaded" ? "failed" : "stopped" : fields[3] == "running" ? "running" : "stopped";
            services[fields[0]] = Service(fields[0], state, fields[1] == "loaded" ? "unknown" : fields[1]);
        }

        var files = await reader.RunAsync("systemctl", ["list-unit-files", "--no-pager", "--no-legend", "--type", "service"], cancellation);
        foreach (var fields in Rows(files).Where(fields => fields.Length >= 2))
        {
            var state = services.TryGetValue(fields[0], out var known) && known.TryGet("state", out var said) ? said.ToString() : "inactive";
            services[fields[0]] = Service(fields[0], state, fields[1]);
        }

        return DictValue.Of(services.Select(pair => new KeyValuePair<string, Value>(pair.Key, pair.Value)));
    }

    public override TaskPlan Plan(Nothing arguments, DictValue facts, ModuleContext context) =>
        TaskPlan.Nothing(Results.Of(("changed", false), ("ansible_facts", Results.Of(("services", facts)))));

    private static IEnumerable<string[]> Rows(ReadOutput output) => output.ExitCode != 0 ? []
        : output.StandardOutput.Split('\n').Select(line => line.TrimStart('●', '*', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static DictValue Service(string name, string state, string status) => Results.Of(("name", name), ("state", state), ("status", status), ("source", "systemd"));
}

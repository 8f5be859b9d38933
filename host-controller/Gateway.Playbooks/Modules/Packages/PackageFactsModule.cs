using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>ansible.builtin.package_facts: the packages that are installed, as the fact <c>packages</c>.</summary>
public sealed class PackageFactsModule() : TaskModule<Nothing, DictValue>("package_facts", Options, "ansible.builtin.package_facts", "ansible.legacy.package_facts")
{
    private static readonly ModuleSchema Options = new([new Option("manager", OptionType.Texts), new Option("strategy") { Default = "first", Choices = ["all", "first"] }]);

    public override Result<Nothing> Parse(OptionValues options, ModuleContext context) =>
        options.Texts("manager").FirstOrDefault(manager => manager is not ("apt" or "auto")) is { } other ? Refuse(context, $"there is no package manager '{other}' here: 'apt' is") : default(Nothing);

    public override async Task<Result<DictValue>> ReadAsync(Nothing arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation)
    {
        var said = await reader.RunAsync("dpkg-query", ["--show", "--showformat=${Package}\\t${Version}\\t${Architecture}\\t${Section}\\t${db:Status-Status}\\n"], cancellation);
        if (said.ExitCode != 0)
        {
            return new Failure(Phase.Observe, "dpkg-query", said.StandardError.Trim());
        }

        var packages = said.StandardOutput.Split('\n').Select(line => line.Split('\t')).Where(fields => fields is [_, _, _, _, "installed"]).GroupBy(fields => fields[0], StringComparer.Ordinal);
        return DictValue.Of(packages.Select(group => new KeyValuePair<string, Value>(group.Key, ListValue.Of(group.Select(fields => (Value)Results.Of(
            ("name", fields[0]), ("version", fields[1]), ("arch", fields[2]), ("category", fields[3]), ("source", "apt")))))));
    }

    public override TaskPlan Plan(Nothing arguments, DictValue facts, ModuleContext context) =>
        TaskPlan.Nothing(Results.Of(("changed", false), ("ansible_facts", Results.Of(("packages", facts)))));
}

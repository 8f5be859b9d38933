using System.Text;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Modules;

/// <summary>The machine's name, as it is now and as it is after a boot.</summary>
public sealed record HostnameFacts(string Now, string Kept);

/// <summary>ansible.builtin.hostname: the machine's name.</summary>
public sealed class HostnameModule() : TaskModule<string, HostnameFacts>("hostname", Options, "ansible.builtin.hostname", "ansible.legacy.hostname")
{
    private static readonly ModuleSchema Options = new([new Option("name") { Required = true }, new Option("use") { Choices = ["debian", "generic", "systemd"] }]);

    public override Result<string> Parse(OptionValues options, ModuleContext context)
    {
        var name = options.TextOf("name");
        return name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')) || name.StartsWith('-')
            ? Refuse(context, $"'{name}' is no host name: letters, digits, '-' and '.', at most 64")
            : name;
    }

    public override Task<Result<HostnameFacts>> ReadAsync(string arguments, ModuleContext context, IHostReader reader, CancellationToken cancellation) =>
        Task.FromResult<Result<HostnameFacts>>(new HostnameFacts(Text(reader.Machine, "/proc/sys/kernel/hostname"), Text(reader, "/etc/hostname")));

    public override TaskPlan Plan(string arguments, HostnameFacts facts, ModuleContext context)
    {
        var result = Results.Of(
            ("name", arguments),
            ("ansible_facts", Results.Of(
                ("ansible_hostname", arguments.Split('.')[0]),
                ("ansible_nodename", arguments),
                ("ansible_fqdn", arguments),
                ("ansible_domain", string.Join('.', arguments.Split('.').Skip(1))))));
        var changes = new List<Change>();
        if (facts.Kept != arguments)
        {
            changes.Add(new WriteFile("/etc/hostname", Encoding.UTF8.GetBytes(arguments + "\n")) { Mode = 0x1A4, Uid = 0, Gid = 0 });
        }

        if (facts.Now != arguments)
        {
            changes.Add(new RunProcess("hostname", [arguments]));
        }

        var before = facts.Now != arguments ? facts.Now : facts.Kept;
        return new TaskPlan([.. changes], changes.Count == 0 ? result : result.With("diff", Results.Diff($"hostname = {before}\n", $"hostname = {arguments}\n")));
    }

    private static string Text(IHostReader reader, string path) => reader.ReadFile(path, 4096).TryGet(out var content, out _) ? Encoding.UTF8.GetString(content.Span).Trim() : "";
}

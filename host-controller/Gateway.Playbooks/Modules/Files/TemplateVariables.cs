using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a template sees besides the task's variables: where it comes from and what it becomes.</summary>
internal sealed class TemplateVariables(PlaybookFile file, string destination, IVariables others, IHostReader reader) : IVariables
{
    public IHostReader? Machine => others.Machine ?? reader;

    public bool TryGet(string name, [MaybeNullWhen(false)] out Value value)
    {
        value = name switch
        {
            "ansible_managed" => others.TryGet(name, out var given) ? given : "Ansible managed",
            "template_host" => HostName(),
            "template_path" or "template_fullpath" => file.Path,
            "template_destpath" => destination,
            "template_uid" => reader.UserName(file.State.Uid),
            "template_mtime" => new TimeValue(file.State.Modified, IsDate: false, HasOffset: false),
            "template_run_date" => new TimeValue(reader.Now, IsDate: false, HasOffset: false),
            _ => null,
        };
        return value is not null || others.TryGet(name, out value);
    }

    private string HostName() => reader.Machine.ReadFile("/proc/sys/kernel/hostname", 4096).TryGet(out var name, out _) ? Encoding.UTF8.GetString(name.Span).Trim() : "localhost";
}

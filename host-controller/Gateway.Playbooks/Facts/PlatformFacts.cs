using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Kernel, names, the user, and what manages packages and services.</summary>
internal static class PlatformFacts
{
    public static DictValue Read(FactSource source)
    {
        var machine = source.Kernel("/proc/sys/kernel/arch") is { Length: > 0 } arch ? arch : source.Reader.Architecture;
        var node = source.Kernel("/proc/sys/kernel/hostname");
        var full = FullName(source, node);
        var bits = machine is "x86_64" or "aarch64" or "riscv64" or "ppc64le" or "s390x" ? "64" : "32";
        return Results.Of(
            ("ansible_architecture", machine),
            ("ansible_domain", full.Contains('.', StringComparison.Ordinal) ? full[(full.IndexOf('.', StringComparison.Ordinal) + 1)..] : ""),
            ("ansible_fqdn", full),
            ("ansible_hostname", node.Split('.')[0]),
            ("ansible_kernel", source.Kernel("/proc/sys/kernel/osrelease")),
            ("ansible_kernel_version", source.Kernel("/proc/sys/kernel/version")),
            ("ansible_machine", machine),
            ("ansible_machine_id", (source.Text("/etc/machine-id") is { Length: > 0 } id ? id : source.Text("/var/lib/dbus/machine-id")).Trim()),
            ("ansible_nodename", node),
            ("ansible_system", "Linux"),
            ("ansible_userspace_architecture", machine),
            ("ansible_userspace_bits", bits));
    }

    public static DictValue ReadUser(FactSource source)
    {
        var fields = source.Text("/etc/passwd").Split('\n').Select(line => line.Split(':')).FirstOrDefault(line => line.Length > 6 && line[2] == "0") ?? ["root", "x", "0", "0", "", "/root", ""];
        return Results.Of(
            ("ansible_effective_group_id", 0L), ("ansible_effective_user_id", 0L), ("ansible_real_group_id", 0L), ("ansible_real_user_id", 0L),
            ("ansible_user_dir", fields[5]), ("ansible_user_gecos", fields[4]),
            ("ansible_user_gid", long.TryParse(fields[3], CultureInfo.InvariantCulture, out var gid) ? gid : 0L),
            ("ansible_user_id", fields[0]), ("ansible_user_shell", fields[6]), ("ansible_user_uid", 0L));
    }

    public static DictValue ReadManagers(FactSource source)
    {
        var first = source.Kernel("/proc/1/comm");
        var line = CommandLine(source.Kernel("/proc/cmdline"));
        return Results.Of(
            ("ansible_cmdline", line), ("ansible_proc_cmdline", line), ("ansible_is_chroot", IsChroot(source)), ("ansible_pkg_mgr", "apt"),
            ("ansible_selinux", Results.Of(("status", "disabled"))), ("ansible_selinux_python_present", true),
            ("ansible_service_mgr", first is "systemd" ? "systemd" : source.Reader.Machine.Stat("/run/systemd/system", follow: true) is not null ? "systemd" : first is "init" ? "sysvinit" : first is { Length: > 0 } ? first : "service"));
    }

    /// <summary>The name of the machine's address in /etc/hosts, as a resolver would find it there: of all names the first with a dot.</summary>
    private static string FullName(FactSource source, string node)
    {
        var lines = source.Text("/etc/hosts").Split('\n').Select(line => line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1).ToList();
        var own = lines.Find(words => words.Skip(1).Contains(node));
        var first = own is null ? null : lines.Find(words => words[0] == own[0]);
        return first is null ? node : first[1..].FirstOrDefault(word => word.Contains('.', StringComparison.Ordinal)) ?? first[1];
    }

    private static bool IsChroot(FactSource source) => source.Reader.Machine.Stat("/", follow: true) is { } here && source.Reader.Machine.Stat("/proc/1/root/.", follow: true) is { } first
        && (here.Inode, here.Device) != (first.Inode, first.Device);

    private static DictValue CommandLine(string text) => DictValue.Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.IndexOf('=', StringComparison.Ordinal) is var at and > 0
        ? new KeyValuePair<string, Value>(word[..at], new TextValue(word[(at + 1)..], true))
        : new KeyValuePair<string, Value>(word, true)));
}

using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Whether the machine is a container or a virtual machine, by what the kernel shows.</summary>
internal static class VirtualFacts
{
    public static DictValue Read(FactSource source)
    {
        var (type, role) = Judge(source);
        var guest = role == "guest" ? Results.List([type]) : ListValue.Empty;
        return Results.Of(
            ("ansible_virtualization_role", role), ("ansible_virtualization_tech_guest", guest),
            ("ansible_virtualization_tech_host", role == "host" ? Results.List([type]) : ListValue.Empty), ("ansible_virtualization_type", type));
    }

    private static (string Type, string Role) Judge(FactSource source)
    {
        var machine = source.Reader.Machine;
        var groups = source.Kernel("/proc/1/cgroup");
        var environment = source.Kernel("/proc/1/environ").Split('\0');
        if (machine.Stat("/.dockerenv", follow: false) is not null || machine.Stat("/.dockerinit", follow: false) is not null || groups.Contains("/docker", StringComparison.Ordinal))
        {
            return ("docker", "guest");
        }

        if (environment.FirstOrDefault(one => one.StartsWith("container=", StringComparison.Ordinal)) is { } container)
        {
            return container["container=".Length..] switch { "lxc" => ("lxc", "guest"), "podman" => ("podman", "guest"), "" => ("NA", "NA"), _ => ("container", "guest") };
        }

        var product = source.Kernel("/sys/devices/virtual/dmi/id/product_name").Trim();
        var vendor = source.Kernel("/sys/devices/virtual/dmi/id/sys_vendor").Trim();
        var found = product switch
        {
            "KVM" or "KVM Server" or "Bochs" or "AHV" => "kvm",
            "VMware Virtual Platform" or "VMware7,1" => "VMware",
            "VirtualBox" => "virtualbox",
            "HVM domU" => "xen",
            _ when vendor is "QEMU" or "oVirt" or "Red Hat" or "Amazon EC2" or "Google" or "Hetzner" or "DigitalOcean" => "kvm",
            _ when vendor == "Microsoft Corporation" && product == "Virtual Machine" => "VirtualPC",
            _ => null,
        };
        if (found is not null)
        {
            return (found, "guest");
        }

        var modules = source.Kernel("/proc/modules").Split('\n').Select(line => line.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
        return modules.Contains("kvm") ? ("kvm", "host") : modules.Contains("vboxdrv") ? ("virtualbox", "host")
            : source.Kernel("/proc/cpuinfo").Contains("QEMU Virtual CPU", StringComparison.Ordinal) ? ("kvm", "guest") : ("NA", "NA");
    }
}

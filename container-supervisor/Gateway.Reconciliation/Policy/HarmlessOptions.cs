using System.Collections.Frozen;

namespace Gateway.Reconciliation.Policy;

/// <summary>What the engine may be asked for whatever the local policy says.</summary>
internal static class HarmlessOptions
{
    public static readonly FrozenSet<string> OfContainer = new[]
    {
        "Hostname", "Domainname", "User", "AttachStdin", "AttachStdout", "AttachStderr", "ExposedPorts", "Tty", "OpenStdin", "StdinOnce",
        "Env", "Cmd", "Healthcheck", "Image", "Volumes", "WorkingDir", "Entrypoint", "NetworkDisabled", "MacAddress", "Labels", "StopSignal",
        "StopTimeout", "Shell",
    }.ToFrozenSet(StringComparer.Ordinal);

    // GroupAdd is here because a container's user may be root anyway, which is more than any group.
    public static readonly FrozenSet<string> OfHost = new[]
    {
        "PortBindings", "PublishAllPorts", "RestartPolicy", "Dns", "DnsOptions", "DnsSearch", "ExtraHosts", "GroupAdd", "CapDrop",
        "ReadonlyRootfs", "ShmSize", "Tmpfs", "Init", "Ulimits", "Memory", "MemoryReservation", "MemorySwap", "MemorySwappiness", "NanoCpus",
        "CpuShares", "CpuPeriod", "CpuQuota", "CpusetCpus", "CpusetMems", "BlkioWeight", "BlkioWeightDevice", "BlkioDeviceReadBps",
        "BlkioDeviceWriteBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps", "PidsLimit",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What Docker gives every container: adding these again after dropping all is a narrowing.</summary>
    public static readonly FrozenSet<string> Capabilities = new[]
    {
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID",
        "SETPCAP", "SETUID", "SYS_CHROOT",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The namespaced ones (runc's validator); the engine refuses others too, but not on every version.</summary>
    public static readonly string[] Sysctls = ["net.", "kernel.shm", "kernel.msg", "fs.mqueue."];
}

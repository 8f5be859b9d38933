namespace Gateway.Bench.Programs;

/// <summary>Packages that are not there yet, installed by a playbook and by <c>apt-get</c>, each time into the same fresh Debian.</summary>
internal sealed class PackagesBench : IDisposable
{
    private const int Runs = 3;

    private static readonly string[] Packages =
    [
        "bridge-utils", "can-utils", "ethtool", "htop", "i2c-tools", "iperf3", "jq", "lsof", "minicom", "mtr-tiny",
        "netcat-openbsd", "picocom", "rsync", "screen", "socat", "strace", "tcpdump", "tree", "usbutils", "vlan",
    ];

    private readonly string work;
    private readonly string root;
    private int layer;

    private PackagesBench(string work)
    {
        this.work = Path.Combine(work, "packages");
        root = Path.Combine(this.work, "root");
    }

    public static void Run(Report report, string work)
    {
        using var bench = new PackagesBench(work);
        bench.Debian();
        bench.Renew();
        var ours = bench.Inside("host-controller", "/usr/bin/host-controller", "--config", "/bench/host-controller.yaml", "apply", "/bench/playbook.yml", "--unsigned");
        var theirs = bench.Inside("apt-get", ["/usr/bin/apt-get", "-qq", "-y", "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold", "install", .. Packages]);
        report.Compare("packages-20", $"{Packages.Length} packages installed for the first time, already downloaded", ours, theirs, Runs);
    }

    public void Dispose() => Unmount();

    /// <summary>A minimal Debian with our program in it, and the packages in apt's cache, so that no network is measured.</summary>
    private void Debian()
    {
        var lower = Path.Combine(work, "debian");
        Directory.CreateDirectory(work);
        Directory.CreateDirectory(root);
        Shell.Run("/usr/bin/mmdebstrap", "--quiet", "--variant=apt", "--include=ca-certificates,gpgv", "bookworm", lower);
        File.WriteAllText(Path.Combine(lower, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n");
        File.SetUnixFileMode(Path.Combine(lower, "usr/sbin/policy-rc.d"), (UnixFileMode)0b111_101_101);
        // Minimal Debians delete what they downloaded.
        File.Delete(Path.Combine(lower, "etc/apt/apt.conf.d/docker-clean"));
        File.Copy(Paths.HostController, Path.Combine(lower, "usr/bin/host-controller"));
        var folder = Directory.CreateDirectory(Path.Combine(lower, "bench")).FullName;
        File.WriteAllText(Path.Combine(folder, "host-controller.yaml"), "gateway_id: bench\n");
        File.WriteAllText(Path.Combine(folder, "playbook.yml"), $"- hosts: all\n  gather_facts: false\n  tasks:\n    - name: Tools\n      apt: {{name: [{string.Join(", ", Packages)}], state: present}}\n");
        Shell.Run("/usr/sbin/chroot", [lower, "/usr/bin/apt-get", "-qq", "update"]);
        Shell.Run("/usr/sbin/chroot", [lower, "/usr/bin/apt-get", "-qq", "-y", "--download-only", "install", .. Packages]);
    }

    private Command Inside(string name, params string[] line) => new(name, "/usr/sbin/chroot", [root, .. line])
    {
        Environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive", ["LC_ALL"] = "C.UTF-8" },
        Before = Renew,
    };

    /// <summary>The same Debian as before any run: a new layer over it takes what is written.</summary>
    private void Renew()
    {
        Unmount();
        layer++;
        var (upper, spare) = (Path.Combine(work, $"upper{layer}"), Path.Combine(work, $"spare{layer}"));
        Directory.CreateDirectory(upper);
        Directory.CreateDirectory(spare);
        Shell.Run("/bin/mount", "-t", "overlay", "overlay", "-o", $"lowerdir={Path.Combine(work, "debian")},upperdir={upper},workdir={spare}", root);
        Shell.Run("/bin/mount", "-t", "proc", "proc", Path.Combine(root, "proc"));
        Shell.Run("/bin/mount", "--rbind", "/dev", Path.Combine(root, "dev"));
        Shell.Run("/bin/mount", "--make-rslave", Path.Combine(root, "dev"));
    }

    /// <summary>Lazily, which does not fail because something is busy: the folder is deleted next, and the machine's own /dev must not be in it then.</summary>
    private void Unmount()
    {
        if (layer > 0)
        {
            Shell.Run("/bin/umount", "--recursive", "--lazy", root);
        }
    }
}

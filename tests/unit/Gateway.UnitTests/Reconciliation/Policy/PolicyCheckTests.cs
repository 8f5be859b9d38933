using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;

namespace Gateway.UnitTests.Reconciliation.Policy;

public class PolicyCheckTests
{
    private static string[] Rules(string service, LocalPolicy? policy = null, string more = "")
    {
        var application = Given.App(service, more);
        var specs = application.Services.Select(s => ContainerSpecBuilder.Build(application, s, Given.NoDevices));
        return [.. PolicyCheck.Check(application, specs, policy ?? LocalPolicy.Default).Select(violation => violation.Rule).Distinct()];
    }

    [Theory]
    [InlineData("privileged: true", "policy.privileged")]
    [InlineData("network_mode: host", "policy.host_namespaces")]
    [InlineData("pid: host", "policy.host_namespaces")]
    [InlineData("ipc: host", "policy.host_namespaces")]
    [InlineData("uts: host", "policy.host_namespaces")]
    [InlineData("userns_mode: host", "policy.host_namespaces")]
    [InlineData("cgroup: host", "policy.host_namespaces")]
    [InlineData("cap_add: [cap_net_admin]", "policy.capabilities")]
    [InlineData("cap_add: [ALL]", "policy.capabilities")]
    [InlineData("security_opt: [seccomp=unconfined]", "policy.security_options")]
    [InlineData("security_opt: ['no-new-privileges:false']", "policy.security_options")]
    [InlineData("devices: [/dev/mem]", "policy.devices")]
    [InlineData("volumes: [/etc:/host]", "policy.bind_mounts")]
    [InlineData("volumes: [{type: bind, source: /etc, target: /host}]", "policy.bind_mounts")]
    [InlineData("sysctls: {kernel.core_pattern: '|/x'}", "policy.host_namespaces")]
    [InlineData("oom_score_adj: -1000", "policy.privileged")]
    [InlineData("logging: {driver: syslog}", "policy")]
    [InlineData("gpus: all", "policy.privileged")]
    [InlineData("deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}", "policy.privileged")]
    [InlineData("runtime: nvidia", "policy.privileged")]
    [InlineData("cgroup_parent: /", "policy.privileged")]
    [InlineData("annotations: {a: b}", "policy.privileged")]
    [InlineData("oom_kill_disable: true", "policy.privileged")]
    [InlineData("cpu_rt_runtime: 1000", "policy.privileged")]
    [InlineData("cpu_rt_period: 1000", "policy.privileged")]
    [InlineData("device_cgroup_rules: ['c 188:* rwm']", "policy.devices")]
    [InlineData("storage_opt: {size: 1G, dm.basesize: 1G}", "policy")]
    [InlineData("x-create-options: {HostConfig: {PidMode: 'container:app-db'}}", "policy.host_namespaces")]
    [InlineData("x-create-options: {HostConfig: {Mounts: [{Type: bind, Source: /var/lib/gateway/container-supervisor/files/app/web/x, Target: /x, ReadOnly: true}]}}", "policy.bind_mounts")]
    [InlineData("x-create-options: {HostConfig: {Binds: ['/run/gateway/api/app/web:/run/gateway:ro']}}", "policy.bind_mounts")]
    [InlineData("x-create-options: {HostConfig: {Isolation: process}}", "policy")]
    [InlineData("x-create-options: {HostConfig: {SomethingNew: 1}}", "policy")]
    [InlineData("logging: {driver: json-file, options: {syslog-tls-ca-cert: /etc/shadow}}", "policy")]
    [InlineData("x-create-options: {HostConfig: {Privileged: true}}", "policy.privileged")]
    [InlineData("x-create-options: {HostConfig: {Privileged: 'yes'}}", "policy.privileged")]
    [InlineData("x-create-options: {HostConfig: {privileged: true}}", "policy")]
    [InlineData("x-create-options: {hostConfig: {Privileged: true}}", "policy")]
    [InlineData("x-create-options: {HostConfig: {Binds: ['/:/host']}}", "policy.bind_mounts")]
    [InlineData("x-create-options: {HostConfig: {Binds: ['//etc/../:/host']}}", "policy.bind_mounts")]
    [InlineData("x-create-options: {HostConfig: {Binds: ['other_volume:/data']}}", "policy.bind_mounts")]
    [InlineData("x-create-options: {HostConfig: {Mounts: [{Type: bind, Source: /run, Target: /x}]}}", "policy.bind_mounts")]
    [InlineData("x-create-options: {HostConfig: {Mounts: [{Type: volume, Target: /x, VolumeOptions: {DriverConfig: {Name: local}}}]}}", "policy")]
    [InlineData("x-create-options: {HostConfig: {Mounts: [{Type: image, Target: /x}]}}", "policy")]
    [InlineData("x-create-options: {HostConfig: {VolumesFrom: [db]}}", "policy")]
    [InlineData("x-create-options: {HostConfig: {Links: ['db:db']}}", "policy")]
    [InlineData("x-create-options: {HostConfig: {VolumeDriver: sshfs}}", "policy")]
    [InlineData("x-create-options: {HostConfig: {Devices: [{PathOnHost: /dev/sda}]}}", "policy.devices")]
    [InlineData("x-create-options: {HostConfig: {Devices: [{PathOnHost: /dev/x/../sda, pathonhost: /dev/sda}]}}", "policy.devices")]
    [InlineData("x-create-options: {HostConfig: {DeviceRequests: [{Count: -1}]}}", "policy.privileged")]
    [InlineData("x-create-options: {HostConfig: {DeviceCgroupRules: ['a *:* rwm']}}", "policy.devices")]
    [InlineData("x-create-options: {HostConfig: {CapAdd: [SYS_ADMIN]}}", "policy.capabilities")]
    [InlineData("x-create-options: {HostConfig: {PidMode: 'container:x'}}", "policy.host_namespaces")]
    [InlineData("x-create-options: {HostConfig: {IpcMode: 'container:x'}}", "policy.host_namespaces")]
    [InlineData("x-create-options: {HostConfig: {UTSMode: host}}", "policy.host_namespaces")]
    [InlineData("x-create-options: {HostConfig: {UsernsMode: host}}", "policy.host_namespaces")]
    [InlineData("x-create-options: {HostConfig: {CgroupnsMode: host}}", "policy.host_namespaces")]
    [InlineData("x-create-options: {HostConfig: {SecurityOpt: ['apparmor=unconfined']}}", "policy.security_options")]
    [InlineData("x-create-options: {HostConfig: {Runtime: other}}", "policy.privileged")]
    [InlineData("x-create-options: {HostConfig: {CgroupParent: /}}", "policy.privileged")]
    [InlineData("x-create-options: {HostConfig: {MaskedPaths: []}}", "policy.privileged")]
    [InlineData("x-create-options: {HostConfig: {ReadonlyPaths: []}}", "policy.privileged")]
    [InlineData("x-create-options: {HostConfig: {OomKillDisable: true}}", "policy.privileged")]
    [InlineData("x-create-options: {HostConfig: {Sysctls: {vm.swappiness: '0'}}}", "policy.host_namespaces")]
    [InlineData("x-create-options: {HostConfig: {Annotations: {a: b}}}", "policy.privileged")]
    [InlineData("x-create-options: {networkingConfig: {EndpointsConfig: {host: {}}}}", "policy")]
    [InlineData("x-create-options: {OnBuild: [x]}", "policy")]
    public void What_widens_privilege_is_refused_by_its_rule(string service, string rule) => Assert.Contains(rule, Rules(service));

    [Theory]
    [InlineData("{driver: sshfs}")]
    [InlineData("{driver_opts: {type: ext4, device: /dev/sda1}}")]
    [InlineData("{driver_opts: {type: nfs, o: 'addr=10.0.0.1', device: ':/'}}")]
    [InlineData("{driver_opts: {type: none, o: bind, device: /etc}}")]
    [InlineData("{driver_opts: {type: tmpfs, o: 'size=1m,rbind', device: /}}")]
    [InlineData("{driver_opts: {type: tmpfs, o: 'size=1m,remount', device: tmpfs}}")]
    public void A_volumes_driver_options_are_no_way_round(string volume) =>
        Assert.NotEmpty(Rules("volumes: ['v:/v']", more: $"volumes: {{v: {volume}}}"));

    [Fact]
    public void What_is_harmless_passes_by_default() => Assert.Empty(Rules("""
        volumes: ["v:/v", "/anonymous"]
        tmpfs: /run
        cap_drop: [ALL]
        cap_add: [CHOWN, NET_BIND_SERVICE]
        security_opt: ["no-new-privileges:true"]
        sysctls: {net.core.somaxconn: "1024"}
        ports: ["80:80"]
        mem_limit: 64m
        ipc: private
        runtime: runc
        storage_opt: {size: 1G}
        blkio_config: {weight: 300, device_read_bps: [{path: /dev/sda, rate: 1m}]}
        mem_swappiness: 10
        cpu_quota: 50000
        secrets: [key]
        x-gateway-api: true
        x-create-options: {HostConfig: {CpuQuota: 50000, Devices: [], PidMode: ""}}
        """, more: "volumes: {v: {driver_opts: {type: tmpfs, o: 'size=1m,nosuid', device: tmpfs}}}\nsecrets: {key: {content: x}}"));

    [Fact]
    public void Namespaces_of_the_same_application_may_be_shared()
    {
        var application = Given.State($$"""
            app:
              services:
                vpn: {image: "x@{{Given.Digest}}", ipc: shareable, volumes: ["v:/v"]}
                web: {image: "x@{{Given.Digest}}", network_mode: "service:vpn", pid: "service:vpn", ipc: "service:vpn", volumes_from: [vpn]}
              volumes: {v: }
            """).Applications[0];

        Assert.Empty(PolicyCheck.Check(application, application.Services.Select(s => ContainerSpecBuilder.Build(application, s, Given.NoDevices)), LocalPolicy.Default));
    }

    [Fact]
    public void A_mount_of_the_supervisors_own_is_allowed_exactly_as_it_is_and_no_other_way()
    {
        var own = Given.Spec("secrets: [key]", "secrets: {key: {content: x}}").Files[0].Path;

        Assert.Equal(
            ["policy.bind_mounts"],
            Rules($"secrets: [key]\nx-create-options: {{HostConfig: {{Mounts: [{{Type: bind, Source: {own}, Target: /rw}}]}}}}", more: "secrets: {key: {content: x}}"));
    }

    [Theory]
    [InlineData("/dev/", true)]
    [InlineData("/dev/*", true)]
    [InlineData("/dev/ttyUSB*", false)]
    [InlineData("c 188:* rwm", true)]
    [InlineData("c 188:* rw", false)]
    [InlineData("c 188:0 rwm", false)]
    [InlineData("c *:* rwm", true)]
    [InlineData("b *:* rwm", false)]
    [InlineData("a *:* rwm", true)]
    public void A_device_rule_must_be_covered(string entry, bool allowed) =>
        Assert.Equal(allowed, Rules("device_cgroup_rules: ['c 188:* rwm']", new LocalPolicy { Devices = [entry] }).Length == 0);

    [Theory]
    [InlineData("privileged: true", "'Privileged' is not allowed (policy.privileged)")]
    [InlineData("network_mode: host", "'NetworkMode' host is not allowed (policy.host_namespaces)")]
    [InlineData("cap_add: [SYS_ADMIN]", "capability 'SYS_ADMIN' is not allowed (policy.capabilities)")]
    [InlineData("volumes: [/etc:/x]", "bind mount of '/etc' is not allowed (policy.bind_mounts)")]
    [InlineData("devices: [/dev/mem]", "device '/dev/mem' is not allowed (policy.devices)")]
    [InlineData("device_cgroup_rules: ['c 1:1 r']", "device rule 'c 1:1 r' is not allowed (policy.devices)")]
    [InlineData("security_opt: [seccomp=unconfined]", "security option 'seccomp=unconfined' is not allowed (policy.security_options)")]
    public void The_message_names_what_was_asked_for_and_the_rule(string service, string message)
    {
        var application = Given.App(service);
        var violation = PolicyCheck.Check(application, [ContainerSpecBuilder.Build(application, application["web"]!, Given.NoDevices)], LocalPolicy.Default)[0].ToString();

        Assert.StartsWith("app/web (d.yaml:", violation, StringComparison.Ordinal);
        Assert.EndsWith(message, violation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("privileged: true\ngpus: all\nruntime: x\nannotations: {a: b}\ncgroup_parent: x\noom_kill_disable: true\ncpu_rt_runtime: 1\noom_score_adj: -1")]
    [InlineData("network_mode: host\npid: host\nipc: host\nuts: host\nuserns_mode: host\ncgroup: host")]
    [InlineData("cap_add: [NET_ADMIN]")]
    [InlineData("security_opt: [seccomp=unconfined]")]
    public void What_the_owner_allows_passes(string service)
    {
        var all = new LocalPolicy { Privileged = true, HostNamespaces = true, Capabilities = ["net_admin"], SecurityOptions = ["seccomp=*"] };

        Assert.NotEmpty(Rules(service));
        Assert.Empty(Rules(service, all));
    }

    [Theory]
    [InlineData("/data", "/data", true)]
    [InlineData("/data", "/data/x", true)]
    [InlineData("/data/", "/data", true)]
    [InlineData("/data", "/database", false)]
    [InlineData("/data", "/data/../etc", false)]
    [InlineData("/data", "//data/./x", true)]
    [InlineData("/srv/*/in", "/srv/a/in/deep", true)]
    [InlineData("/srv/*/in", "/srv/a/b/in", false)]
    [InlineData("/var", "/var/run/docker.sock", false)]
    [InlineData("/var", "/var/lib/gateway/x", false)]
    [InlineData("/var/run/docker.sock", "/var/run/docker.sock", true)]
    [InlineData("/", "/etc", true)]
    public void Folders_allow_what_is_in_them_once_normalised(string rule, string path, bool allowed) =>
        Assert.Equal(allowed, Rules($"volumes: ['{path}:/x']", new LocalPolicy { BindMounts = [rule] }).Length == 0);

    [Theory]
    [InlineData("/dev/ttyACM*", "/dev/ttyACM0", true)]
    [InlineData("/dev/ttyACM*", "/dev/tty*", false)]
    [InlineData("/dev/serial/by-id/*", "/dev/serial/by-id/usb-*zwave*", true)]
    [InlineData("/dev/ttyACM?", "/dev/ttyACM*", false)]
    [InlineData("/dev/ttyACM*", "/dev/ttyACM0|/dev/sda", false)]
    public void Devices_and_every_alternative_must_be_allowed(string rule, string device, bool allowed) =>
        Assert.Equal(allowed, Rules($"devices: ['{device}:/dev/x']", new LocalPolicy { Devices = [rule] }).Length == 0);

    [Theory]
    [InlineData("registry.example.com", true)]
    [InlineData("registry.example.com/web", true)]
    [InlineData("registry.example.com/we", false)]
    [InlineData("registry.example.co", false)]
    [InlineData("docker.io", false)]
    public void Only_allowed_registries(string entry, bool allowed) =>
        Assert.Equal(allowed, Rules("init: true", new LocalPolicy { AllowedRegistries = [entry] }).Length == 0);

    [Fact]
    public void A_bare_image_id_is_of_no_registry_and_so_not_of_an_allowed_one()
    {
        Assert.Empty(RulesOfId(LocalPolicy.Default));
        Assert.Equal(["allowed_registries"], RulesOfId(new LocalPolicy { AllowedRegistries = ["r.example.com"] }));

        static string[] RulesOfId(LocalPolicy policy)
        {
            var application = Given.State($"app: {{services: {{web: {{image: \"{Given.Digest}\"}}}}}}").Applications[0];
            return [.. PolicyCheck.Check(application, [ContainerSpecBuilder.Build(application, application.Services[0], Given.NoDevices)], policy).Select(v => v.Rule)];
        }
    }

    [Fact]
    public void An_image_without_digest_is_refused_unless_allowed()
    {
        Assert.Equal(["require_digest"], Rules("command: x", more: "", policy: LocalPolicy.Default).Concat(RulesOfTag()).Distinct());

        static string[] RulesOfTag()
        {
            var application = Given.State("app: {services: {web: {image: \"nginx:1\"}}}").Applications[0];
            return [.. PolicyCheck.Check(application, [ContainerSpecBuilder.Build(application, application.Services[0], Given.NoDevices)], LocalPolicy.Default).Select(v => v.Rule)];
        }
    }
}

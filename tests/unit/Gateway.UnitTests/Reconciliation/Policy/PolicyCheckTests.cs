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
    [InlineData("x-create-options: {HostConfig: {DeviceCgroupRules: ['a *:* rwm']}}", "policy.privileged")]
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
    [InlineData("x-create-options: {HostConfig: {Annotations: {a: b}}}", "policy")]
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
        x-create-options: {HostConfig: {CpuQuota: 50000, Devices: [], PidMode: ""}}
        """, more: "volumes: {v: {driver_opts: {type: tmpfs, o: 'size=1m,nosuid', device: tmpfs}}}"));

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

using Gateway.Reconciliation.Specs;

namespace Gateway.UnitTests.Reconciliation.Specs;

public class ContainerSpecTests
{
    [Theory]
    [InlineData("environment: {A: '1', B: x}", "environment: [B=x, A=1]")]
    [InlineData("command: sleep 10", "command: [sleep, '10']")]
    [InlineData("ports: ['8080-8081:80-81']", "ports: [{target: 81, published: 8081}, '8080:80/tcp']")]
    [InlineData("mem_limit: 64m", "deploy: {resources: {limits: {memory: 67108864}}}")]
    [InlineData("privileged: false\nrestart: always\nstop_grace_period: 10s", "restart: unless-stopped")]
    [InlineData("healthcheck: {test: x, interval: 90s}", "healthcheck: {test: [CMD-SHELL, x], interval: 1m30s}")]
    [InlineData("cap_add: [NET_ADMIN, SYS_TIME]", "cap_add: [cap_sys_time, net_admin]")]
    [InlineData("tmpfs: /run", "tmpfs: [/run/]")]
    [InlineData("labels: [a=b, c]", "labels: {c: '', a: b}")]
    [InlineData("volumes: ['/a//b:/c:ro']", "volumes: [{type: bind, source: /a/b, target: /c, read_only: true}]")]
    [InlineData("depends_on: []", "x-note: 1")]
    [InlineData("security_opt: [no-new-privileges, 'label=disable']", "security_opt: ['label=disable', no-new-privileges]")]
    [InlineData("cap_drop: [MKNOD, CHOWN]", "cap_drop: [CHOWN, MKNOD]")]
    [InlineData("group_add: [audio, video]", "group_add: [video, audio]")]
    [InlineData("extra_hosts: ['a:10.0.0.1', 'b:10.0.0.2']", "extra_hosts: {b: 10.0.0.2, a: 10.0.0.1}")]
    [InlineData("sysctls: {net.core.somaxconn: 1, net.ipv4.ip_forward: 1}", "sysctls: [net.ipv4.ip_forward=1, net.core.somaxconn=1]")]
    [InlineData("ulimits: {nproc: 1, nofile: 2}", "ulimits: {nofile: {soft: 2, hard: 2}, nproc: 1}")]
    [InlineData("expose: [80, 81]", "expose: ['80-81']")]
    [InlineData("scale: 1\npull_policy: missing\nx-restart-unhealthy: true\nx-gateway-api: false\ndeploy: {replicas: 1, update_config: {order: stop-first}}", "scale: 1")]
    [InlineData("container_name: app-web\nread_only: false\ntty: false\nstdin_open: false\noom_kill_disable: false\nenvironment: {}\nlabels: []\ncap_add: []\nvolumes: []", "networks: [default]")]
    [InlineData("ports: [{target: 80, published: 8080, protocol: tcp, mode: ingress}]", "ports: ['8080:80']")]
    [InlineData("volumes: [{type: bind, source: /a, target: /b, read_only: false, bind: {create_host_path: true}}]", "volumes: ['/a:/b:rw']")]
    [InlineData("volumes: ['/a:/b', '/c:/d']", "volumes: ['/c:/d', '/a:/b']")]
    [InlineData("tmpfs: [/a, /b]", "tmpfs: [/b, /a]")]
    [InlineData("devices: [/dev/a, /dev/b]", "devices: ['/dev/b:/dev/b:rwm', '/dev/a']")]
    [InlineData("networks: {default: {aliases: [a, b]}}", "networks: {default: {aliases: [b, a, web]}}")]
    [InlineData("restart: on-failure:2", "deploy: {restart_policy: {condition: on-failure, max_attempts: 2}}")]
    [InlineData("env_file: {content: \"B=2\\nA=1\"}", "environment: {A: 1, B: 2}")]
    [InlineData("annotations: {a: 1, b: 2}", "annotations: [b=2, a=1]")]
    [InlineData("gpus: all", "deploy: {resources: {reservations: {devices: [{count: all, capabilities: [gpu]}]}}}")]
    [InlineData("device_cgroup_rules: ['c 1:3 r', 'c 1:5 r']", "device_cgroup_rules: ['c 1:5 r', 'c 1:3 r']")]
    [InlineData("logging: {driver: local, options: {max-size: 1m, max-file: 2}}", "logging: {options: {max-file: '2', max-size: 1m}, driver: local}")]
    [InlineData("x-create-options: {HostConfig: {CpuPeriod: 1000, Devices: [], CapAdd: null}, AttachStdin: false}", "x-create-options: {HostConfig: {CpuPeriod: 1000}}")]
    public void Two_spellings_of_one_container_have_one_hash(string one, string other) =>
        Assert.Equal(Given.Spec(one).ConfigHash, Given.Spec(other).ConfigHash);

    [Theory]
    [InlineData("command: [a, b]", "command: [b, a]")]
    [InlineData("entrypoint: [a, b]", "entrypoint: [b, a]")]
    [InlineData("healthcheck: {test: [CMD, a, b]}", "healthcheck: {test: [CMD, b, a]}")]
    [InlineData("dns: [10.0.0.1, 10.0.0.2]", "dns: [10.0.0.2, 10.0.0.1]")]
    [InlineData("dns_search: [a.example, b.example]", "dns_search: [b.example, a.example]")]
    [InlineData("security_opt: [no-new-privileges]", "security_opt: ['label=disable']")]
    [InlineData("ports: ['80:80']", "ports: ['80:80/udp']")]
    [InlineData("init: false", "tty: false")]
    [InlineData("entrypoint: []", "tty: false")]
    [InlineData("networks: {default: {aliases: [a]}}", "networks: [default]")]
    [InlineData("x-gateway-api: true", "x-gateway-api: false")]
    [InlineData("oom_kill_disable: true", "oom_kill_disable: false")]
    [InlineData("runtime: runc", "init: true")]
    [InlineData("mem_swappiness: 0", "tty: false")]
    [InlineData("storage_opt: {size: 1G}", "tty: false")]
    [InlineData("healthcheck: {test: x, start_interval: 1s}", "healthcheck: {test: x}")]
    public void Two_containers_have_two_hashes(string one, string other) =>
        Assert.NotEqual(Given.Spec(one).ConfigHash, Given.Spec(other).ConfigHash);

    [Fact]
    public void The_body_is_the_engines()
    {
        var body = Given.Spec("""
            environment: {A: 1}
            ports: ["127.0.0.1:8080:80"]
            healthcheck: {test: ["CMD", "/ready"], interval: 2s, retries: 5}
            mem_limit: 64m
            cpus: 0.5
            volumes: ["data:/data"]
            x-create-options: {Env: ["A=0", "B=2"], HostConfig: {CpuPeriod: 100000}}
            """, "volumes: {data: {}}").Body;
        var labels = body["Labels"]!;

        Assert.Equal("app", labels["io.gateway.application"]!.GetValue<string>());
        Assert.Equal("web", labels["io.gateway.service"]!.GetValue<string>());
        Assert.Equal("gateway:1", labels["io.gateway.release"]!.GetValue<string>());
        body.Remove("Labels");
        Assert.Equal(
            "{\"Env\":[\"B=2\",\"A=1\"],\"ExposedPorts\":{\"80/tcp\":{}},\"Healthcheck\":{\"Interval\":2000000000,\"Retries\":5,\"Test\":[\"CMD\",\"/ready\"]},"
            + "\"HostConfig\":{\"Binds\":[\"app_data:/data\"],\"CpuPeriod\":100000,\"Memory\":67108864,\"NanoCpus\":500000000,\"NetworkMode\":\"app_default\","
            + "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"8080\"}]},\"RestartPolicy\":{\"MaximumRetryCount\":0,\"Name\":\"unless-stopped\"}},"
            + $"\"Image\":\"registry.example.com/web@{Given.Digest}\",\"NetworkingConfig\":{{\"EndpointsConfig\":{{\"app_default\":{{\"Aliases\":[\"web\",\"app-web\"]}}}}}}}}",
            body.ToJsonString());
    }

    private const string Secret = "secrets: {key: {content: hunter2}}";

    [Fact]
    public void A_files_content_mode_and_owner_define_the_container_and_the_folder_does_not()
    {
        var hashes = new[] { "[key]", "[{source: key, mode: 0400}]", "[{source: key, uid: '1'}]", "[{source: key, gid: '1'}]", "[{source: key, target: /k}]" }
            .Select(use => Given.Spec($"secrets: {use}", Secret).ConfigHash)
            .Append(Given.Spec("secrets: [key]", "secrets: {key: {content: other}}").ConfigHash)
            .ToList();
        var application = Given.App("secrets: [key]", Secret);
        var elsewhere = ContainerSpecBuilder.Build(application, application["web"]!, Given.NoDevices, HostFolders.Of("/else/where/", "/run/other"));

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.Equal(hashes[0], elsewhere.ConfigHash);
        Assert.Equal(hashes[0], Given.Spec("secrets: [{source: key, target: key, mode: '0444', uid: 0}]", Secret).ConfigHash);
        Assert.StartsWith("/else/where/files/app/web/", elsewhere.Files[0].Path, StringComparison.Ordinal);
        Assert.EndsWith("/key", elsewhere.Files[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_and_the_local_interface_become_read_only_mounts_and_no_secret_is_shown()
    {
        var spec = Given.Spec("secrets: [key]\nx-gateway-api: true", Secret);
        var host = spec.Body["HostConfig"]!;

        Assert.Equal("[\"/run/gateway/api/app/web:/run/gateway:ro\"]", host["Binds"]!.ToJsonString());
        Assert.Equal(
            $"[{{\"ReadOnly\":true,\"Source\":\"/var/lib/gateway/container-supervisor/files/app/web/{spec.Files[0].Identity}/key\",\"Target\":\"/run/secrets/key\",\"Type\":\"bind\"}}]",
            host["Mounts"]!.ToJsonString());
        Assert.Equal(spec.Files[0].Identity, spec.Body["Labels"]!["io.gateway.files"]!.GetValue<string>());
        Assert.DoesNotContain("hunter2", spec.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(spec.Files[0].Identity, spec.Shown(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_reaches_the_engine()
    {
        var application = Given.State("""
            app:
              services:
                vpn: {image: x, container_name: tunnel, ipc: shareable}
                web:
                  image: x
                  network_mode: "service:vpn"
                  pid: "service:vpn"
                  ipc: "service:vpn"
                  gpus: [{driver: nvidia, device_ids: ["0"], options: {a: b}}]
                  device_cgroup_rules: ["c 188:* rwm"]
                  annotations: {a: b}
                  runtime: crun
                  cgroup_parent: /x
                  storage_opt: {size: 1G}
                  oom_kill_disable: true
                  mem_swappiness: 0
                  cpu_period: 100000
                  cpu_quota: 50000
                  cpu_rt_period: 1s
                  cpu_rt_runtime: 950ms
                  blkio_config: {weight: 300, weight_device: [{path: /dev/sda, weight: 400}], device_write_iops: [{path: /dev/sda, rate: 30}]}
                  healthcheck: {test: x, start_interval: 1s}
            """).Applications[0];
        var body = ContainerSpecBuilder.Build(application, application["web"]!, Given.NoDevices).Body;
        body["HostConfig"]!.AsObject().Remove("RestartPolicy");

        Assert.Equal("{\"StartInterval\":1000000000,\"Test\":[\"CMD-SHELL\",\"x\"]}", body["Healthcheck"]!.ToJsonString());
        Assert.Null(body["NetworkingConfig"]);
        Assert.Equal(
            "{\"Annotations\":{\"a\":\"b\"},\"BlkioDeviceWriteIOps\":[{\"Path\":\"/dev/sda\",\"Rate\":30}],\"BlkioWeight\":300,\"BlkioWeightDevice\":[{\"Path\":\"/dev/sda\",\"Weight\":400}],"
            + "\"CgroupParent\":\"/x\",\"CpuPeriod\":100000,\"CpuQuota\":50000,\"CpuRealtimePeriod\":1000000,\"CpuRealtimeRuntime\":950000,\"DeviceCgroupRules\":[\"c 188:* rwm\"],"
            + "\"DeviceRequests\":[{\"Capabilities\":[[\"gpu\"]],\"Count\":0,\"DeviceIDs\":[\"0\"],\"Driver\":\"nvidia\",\"Options\":{\"a\":\"b\"}}],\"IpcMode\":\"container:tunnel\",\"MemorySwappiness\":0,"
            + "\"NetworkMode\":\"container:tunnel\",\"OomKillDisable\":true,\"PidMode\":\"container:tunnel\",\"Runtime\":\"crun\",\"StorageOpt\":{\"size\":\"1G\"}}",
            body["HostConfig"]!.ToJsonString());
    }
}

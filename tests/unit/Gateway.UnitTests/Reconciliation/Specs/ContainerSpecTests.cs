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
}

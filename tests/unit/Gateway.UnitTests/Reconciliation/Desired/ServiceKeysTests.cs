using Gateway.Reconciliation.Desired;

namespace Gateway.UnitTests.Reconciliation.Desired;

public class ServiceKeysTests
{
    /// <summary>For each key that is applied, a value that is taken and one that is not.</summary>
    private static readonly Dictionary<string, (string Good, string Bad)> Values = new()
    {
        ["image"] = ("r.example.com/a:1", "'a b'"),
        ["command"] = ("sleep 1", "{}"),
        ["entrypoint"] = ("[a]", "[[]]"),
        ["environment"] = ("{A: 1}", "[A]"),
        ["labels"] = ("[a=b]", "a"),
        ["volumes"] = ("['/a:/b']", "['a']"),
        ["tmpfs"] = ("/run", "{}"),
        ["ports"] = ("['80']", "[x]"),
        ["expose"] = ("[80]", "[x]"),
        ["devices"] = ("[/dev/a]", "[/etc]"),
        ["networks"] = ("[default]", "7"),
        ["network_mode"] = ("none", "'container:x'"),
        ["env_file"] = ("{content: 'A=1'}", "a.env"),
        ["volumes_from"] = ("[]", "[a:b:c]"),
        ["secrets"] = ("[]", "[{source: a, mode: 440}]"),
        ["configs"] = ("[]", "{}"),
        ["device_cgroup_rules"] = ("['c 188:* rwm']", "[x]"),
        ["gpus"] = ("all", "[x]"),
        ["cpu_period"] = ("100000", "1"),
        ["cpu_quota"] = ("50000", "x"),
        ["cpu_rt_period"] = ("1400us", "x"),
        ["cpu_rt_runtime"] = ("400", "x"),
        ["mem_swappiness"] = ("10", "101"),
        ["oom_kill_disable"] = ("true", "1"),
        ["blkio_config"] = ("{device_read_bps: [{path: /dev/sda, rate: 1m}]}", "{device_read_bps: [{path: sda, rate: 1m}]}"),
        ["storage_opt"] = ("{size: 1G}", "1G"),
        ["runtime"] = ("runc", "[]"),
        ["cgroup_parent"] = ("a", "[]"),
        ["annotations"] = ("{a: b}", "a"),
        ["pull_policy"] = ("always", "daily"),
        ["scale"] = ("1", "2"),
        ["x-restart-unhealthy"] = ("false", "x"),
        ["x-gateway-api"] = ("true", "x"),
        ["links"] = ("[]", "x"),
        ["extra_hosts"] = ("['a:10.0.0.1']", "[a]"),
        ["dns"] = ("10.0.0.1", "x"),
        ["dns_search"] = ("example.com", "{}"),
        ["dns_opt"] = ("[rotate]", "rotate"),
        ["depends_on"] = ("[]", "x"),
        ["healthcheck"] = ("{test: [CMD, a]}", "{test: [a]}"),
        ["restart"] = ("'on-failure:3'", "never"),
        ["container_name"] = ("ab", "/a"),
        ["user"] = ("'1000:1000'", "[]"),
        ["group_add"] = ("[audio]", "audio"),
        ["working_dir"] = ("/", "''"),
        ["hostname"] = ("a", "{}"),
        ["domainname"] = ("a", "[]"),
        ["mac_address"] = ("'02:42:ac:11:65:43'", "[]"),
        ["cap_add"] = ("[CHOWN]", "CHOWN"),
        ["cap_drop"] = ("[ALL]", "ALL"),
        ["privileged"] = ("true", "yes"),
        ["security_opt"] = ("[no-new-privileges]", "a"),
        ["read_only"] = ("true", "1"),
        ["sysctls"] = ("{net.core.somaxconn: 1}", "a"),
        ["ulimits"] = ("{nofile: 1}", "{nofile: x}"),
        ["shm_size"] = ("1m", "x"),
        ["init"] = ("true", "x"),
        ["tty"] = ("true", "x"),
        ["stdin_open"] = ("true", "x"),
        ["stop_signal"] = ("SIGINT", "[]"),
        ["stop_grace_period"] = ("3s", "x"),
        ["logging"] = ("{driver: local}", "x"),
        ["pid"] = ("host", "x"),
        ["ipc"] = ("private", "x"),
        ["uts"] = ("host", "x"),
        ["userns_mode"] = ("host", "x"),
        ["cgroup"] = ("private", "x"),
        ["mem_limit"] = ("64m", "x"),
        ["mem_reservation"] = ("64m", "x"),
        ["memswap_limit"] = ("-1", "x"),
        ["cpus"] = ("0.5", "x"),
        ["cpuset"] = ("'0,1'", "[]"),
        ["cpu_shares"] = ("512", "x"),
        ["pids_limit"] = ("100", "x"),
        ["oom_score_adj"] = ("500", "5000"),
        ["deploy"] = ("{resources: {limits: {memory: 1g} } }", "{replicas: 2}"),
        ["x-create-options"] = ("{HostConfig: {CpuPeriod: 1000} }", "[]"),
    };

    public static TheoryData<string> Keys => [.. ServiceKeys.All.Select(key => key.Name)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_key_is_taken_or_refused_at_its_place(string name)
    {
        var key = ServiceKeys.All.Single(key => key.Name == name);
        if (key.Support == KeySupport.Ignored)
        {
            Assert.Contains(name, Assert.Single(Parse(name, "[a]").Value.Warnings).Message, StringComparison.Ordinal);
            return;
        }

        if (key.Support == KeySupport.Refused)
        {
            Assert.Equal($"d.yaml:6:9: '{name}' is refused: {key.Note}", Assert.Single(Parse(name, "x").Failures).ToString());
            return;
        }

        var (good, bad) = Values[name];
        var taken = Parse(name, good);
        Assert.True(taken.IsSuccess, string.Join('\n', taken.Failures));
        Assert.Contains(Parse(name, bad).Failures, failure => failure.Subject.StartsWith("d.yaml:6:", StringComparison.Ordinal) && failure.Message.Length > 10);
    }

    [Fact]
    public void The_documentation_holds_the_table_of_keys()
    {
        var page = Page();
        var mark = "<!-- The table is ServiceKeys.Table(); a test compares. -->\n";
        var at = page.IndexOf(mark, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the mark is gone: {mark}");
        var table = string.Concat(page[(at + mark.Length)..].Split('\n').SkipWhile(line => line.Length == 0).TakeWhile(line => line.StartsWith('|')).Select(line => line + "\n"));

        Assert.Equal(ServiceKeys.Table(), table);
    }

    private static Gateway.Core.Reports.Result<DesiredState> Parse(string key, string value) => Given.Parse($$"""
        release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}
        applications:
          app:
            services:
              web:
                {{key}}: {{value}}
                {{(key == "image" ? "init: true" : "image: x")}}
        """.Replace("\r", "", StringComparison.Ordinal));

    private static string Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder!.FullName, "docs", "formats", "desired-state.md"));
    }
}

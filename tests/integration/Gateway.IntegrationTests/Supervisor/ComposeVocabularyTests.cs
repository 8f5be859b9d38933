using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>An application that uses about every key of the Compose vocabulary, looked at through the engine's own answers and from inside its containers.</summary>
[Collection("sandbox")]
public sealed class ComposeVocabularyTests(SandboxFixture fixture)
{
    private const string Policy = """
        policy:
          host_namespaces: true
          bind_mounts: ["{folder}/"]
          devices: ["/dev/null", "/dev/nothing*"]
          capabilities: [NET_ADMIN]
          security_options: ["seccomp=unconfined"]
        """;

    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task An_application_with_about_every_key_is_what_it_says()
    {
        var image = await sandbox.PushTestImageAsync("vocabulary", new TestImage { Files = new TestImage().Files.Add("www/index.html", "served\n"u8.ToArray()) });
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, Policy);
        var shared = Directory.CreateDirectory(Path.Combine(gateway.Supervisor.Folder, "shared")).FullName;
        await File.WriteAllTextAsync(Path.Combine(shared, "note"), "from the gateway");

        await gateway.ApplyAsync(Text.Replace("{image}", image, StringComparison.Ordinal).Replace("{shared}", shared, StringComparison.Ordinal));

        await AssertDatabaseAsync();
        await AssertWebAsync();
        await AssertNeighboursAsync(gateway);

        // The same again is nothing to do: what the engine made of it is what was asked for.
        var before = await gateway.ContainersAsync("vocab");
        await gateway.ApplyAsync(Text.Replace("{image}", image, StringComparison.Ordinal).Replace("{shared}", shared, StringComparison.Ordinal));
        Assert.Equal(before.OrderBy(pair => pair.Key), (await gateway.ContainersAsync("vocab")).OrderBy(pair => pair.Key));

        // Who lives in another's namespaces goes on in those of its successor.
        await gateway.ApplyAsync(Text.Replace("{image}", image, StringComparison.Ordinal).Replace("{shared}", shared, StringComparison.Ordinal).Replace("example.com", "example.org", StringComparison.Ordinal));
        Assert.NotEqual(before["vocab-web"], await gateway.IdAsync("vocab-web"));
        Assert.Equal("served", await sandbox.Raw.ExecAsync("vocab-beside", "wget", "-qO-", "http://127.0.0.1:8080/"));

        // Networks go with the application, named volumes stay.
        await gateway.ApplyAsync("  {}");
        await gateway.Supervisor.EventuallyAsync(() => sandbox.Docker.Networks.ListAsync(["io.gateway.application=vocab"]).Result.Value.IsEmpty);
        Assert.Equal(["vocab-named", "vocab_data"], (await sandbox.Docker.Volumes.ListAsync(["io.gateway.application=vocab"])).Value.Select(volume => volume.Name).Order(StringComparer.Ordinal));
    }

    private const string Text = """
          vocab:
            version: "2.0"
            x-note: kept
            volumes: {data: {}, named: {name: vocab-named} }
            networks: {front: {}, back: {internal: true} }
            secrets: {password: {content: "correct horse"} }
            configs: {settings: {content: "a=1\nb=$$2\n"} }
            services:
              db:
                image: "{image}"
                entrypoint: [/bin/sh, -c]
                command: ["touch /data/ready; exec sleep infinity"]
                environment: {PLAIN: text, NUMBER: 7, FLAG: true}
                env_file: {content: "FROM_FILE=yes\nPLAIN=beaten"}
                labels: {com.example.role: database}
                volumes: ["data:/data", "named:/named", {type: tmpfs, target: /scratch, tmpfs: {size: 1m} }, "{shared}:/shared:ro"]
                networks: {front: {aliases: [database]}, back: {} }
                healthcheck: {test: [CMD-SHELL, "test -e /data/ready"], interval: 500ms, timeout: 5s, retries: 20, start_period: 1s}
                restart: on-failure:3
                hostname: db-host
                stop_signal: SIGKILL
                stop_grace_period: 3s
                mem_limit: 64m
                cpus: 0.5
                pids_limit: 50
                logging: {driver: json-file, options: {max-size: 1m, max-file: "2"} }
                ulimits: {nofile: {soft: 256, hard: 512} }
                shm_size: 8m
                sysctls: {net.ipv4.ip_unprivileged_port_start: "80"}
                init: true
                group_add: ["42"]
                profiles: [ignored]
                secrets: [{source: password, mode: 0400}]
                configs: [{source: settings, target: /etc/settings}]
              migrate: {image: "{image}", command: ["true"], restart: "no"}
              web:
                image: "{image}"
                command: httpd -f -p 8080 -h /www
                working_dir: /www
                user: "1000:1000"
                read_only: true
                tmpfs: ["/tmp:size=1m"]
                cap_drop: [ALL]
                cap_add: [NET_BIND_SERVICE]
                security_opt: [no-new-privileges]
                ports: ["127.0.0.1:18080:8080", "18090-18091:9090-9091/udp"]
                expose: ["7000"]
                extra_hosts: ["printer:10.1.2.3"]
                dns: [10.9.9.9]
                dns_search: [example.com]
                depends_on: {db: {condition: service_healthy}, migrate: {condition: service_completed_successfully} }
                links: ["db:maindb"]
                networks: [front]
                stop_signal: SIGKILL
                deploy: {resources: {limits: {memory: 32M, cpus: "0.25", pids: 20} } }
                x-create-options: {HostConfig: {OomScoreAdj: 100} }
              beside: {image: "{image}", network_mode: "service:web", pid: "service:web", stop_signal: SIGKILL}
              box: {image: "{image}", devices: ["/dev/nothing*|/dev/null:/dev/void"], network_mode: host, uts: host, cap_add: [NET_ADMIN], stop_signal: SIGKILL}
        """;

    private async Task AssertDatabaseAsync()
    {
        var db = await sandbox.Raw.GetAsync("containers/vocab-db/json");
        var (config, host) = (db["Config"]!, db["HostConfig"]!);
        Assert.Equal(["FLAG=true", "FROM_FILE=yes", "NUMBER=7", "PATH=/bin", "PLAIN=text"], Strings(config["Env"]));
        Assert.Equal(("database", "db-host", "SIGKILL", 3), ((string?)config["Labels"]!["com.example.role"], (string?)config["Hostname"], (string?)config["StopSignal"], (int)config["StopTimeout"]!));
        Assert.Equal((64L << 20, 500_000_000L, 50), ((long)host["Memory"]!, (long)host["NanoCpus"]!, (int)host["PidsLimit"]!));
        Assert.Equal((8L << 20, true, "on-failure", 3), ((long)host["ShmSize"]!, (bool)host["Init"]!, (string?)host["RestartPolicy"]!["Name"], (int)host["RestartPolicy"]!["MaximumRetryCount"]!));
        Assert.Equal("""{"Type":"json-file","Config":{"max-file":"2","max-size":"1m"}}""", host["LogConfig"]!.ToJsonString());
        Assert.Equal(["vocab_back", "vocab_front"], db["NetworkSettings"]!["Networks"]!.AsObject().Select(network => network.Key).Order(StringComparer.Ordinal));
        Assert.Contains("database", Strings(db["NetworkSettings"]!["Networks"]!["vocab_front"]!["Aliases"]));

        Assert.Equal("correct horse", await sandbox.Raw.ExecAsync("vocab-db", "cat", "/run/secrets/password"));
        Assert.Equal("400", await sandbox.Raw.ExecAsync("vocab-db", "stat", "-c", "%a", "/run/secrets/password"));
        Assert.Equal("a=1\nb=$2", await sandbox.Raw.ExecAsync("vocab-db", "cat", "/etc/settings"));
        Assert.Equal("from the gateway", await sandbox.Raw.ExecAsync("vocab-db", "cat", "/shared/note"));
        Assert.NotEqual(0, (await sandbox.Raw.TryExecAsync("vocab-db", "touch", "/shared/mine")).ExitCode);
        Assert.Equal("""[{"Name":"nofile","Hard":512,"Soft":256}]""", host["Ulimits"]!.ToJsonString());
        Assert.Equal("80", await sandbox.Raw.ExecAsync("vocab-db", "cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start"));
        Assert.Contains("42", await sandbox.Raw.ExecAsync("vocab-db", "id", "-G"), StringComparison.Ordinal);
        Assert.Contains("tmpfs /scratch tmpfs", await sandbox.Raw.ExecAsync("vocab-db", "grep", "/scratch", "/proc/mounts"), StringComparison.Ordinal);
    }

    private async Task AssertWebAsync()
    {
        var web = await sandbox.Raw.GetAsync("containers/vocab-web/json");
        var (config, host) = (web["Config"]!, web["HostConfig"]!);
        Assert.Equal(["httpd", "-f", "-p", "8080", "-h", "/www"], config["Cmd"]!.AsArray().Select(word => (string?)word));
        Assert.Equal(("1000:1000", "/www", true), ((string?)config["User"], (string?)config["WorkingDir"], (bool)host["ReadonlyRootfs"]!));
        Assert.Equal((32L << 20, 250_000_000L, 20, 100), ((long)host["Memory"]!, (long)host["NanoCpus"]!, (int)host["PidsLimit"]!, (int)host["OomScoreAdj"]!));
        Assert.Equal(["10.9.9.9"], Strings(host["Dns"]));
        Assert.Equal(["example.com"], Strings(host["DnsSearch"]));
        Assert.Equal(["no-new-privileges"], Strings(host["SecurityOpt"]));
        Assert.True(config["ExposedPorts"]!.AsObject().ContainsKey("7000/tcp"));
        Assert.Equal(["18090", "18091"], new[] { "9090/udp", "9091/udp" }.Select(port => (string?)host["PortBindings"]![port]![0]!["HostPort"]));

        using var http = sandbox.Network.CreateHttpClient();
        Assert.Equal("served\n", await http.GetStringAsync(new Uri("http://127.0.0.1:18080/")));
        var hosts = await sandbox.Raw.ExecAsync("vocab-web", "cat", "/etc/hosts");
        Assert.Contains("printer", hosts, StringComparison.Ordinal);
        Assert.Contains("1 packets received", await sandbox.Raw.ExecAsync("vocab-db", "ping", "-c", "1", "web"), StringComparison.Ordinal);
        Assert.Equal("0000000000000400", (await sandbox.Raw.ExecAsync("vocab-web", "grep", "CapBnd", "/proc/1/status")).Split('\t')[^1]);
        // Names are found through the network's own name server; so are aliases and links.
        foreach (var name in new[] { "db", "database", "maindb" })
        {
            Assert.Contains(name, await sandbox.Raw.ExecAsync("vocab-web", "nslookup", "-type=a", name, "127.0.0.11"), StringComparison.Ordinal);
        }
    }

    private async Task AssertNeighboursAsync(SupervisedGateway gateway)
    {
        // In the network and among the processes of the other service.
        Assert.Equal("served", await sandbox.Raw.ExecAsync("vocab-beside", "wget", "-qO-", "http://127.0.0.1:8080/"));
        Assert.Contains("httpd", await sandbox.Raw.ExecAsync("vocab-beside", "ps"), StringComparison.Ordinal);
        Assert.Equal((0, "exited"), ((await gateway.ContainerAsync("vocab-migrate")).State.ExitCode, (await gateway.ContainerAsync("vocab-migrate")).State.Status));
        var box = (await sandbox.Raw.GetAsync("containers/vocab-box/json"))["HostConfig"]!;
        Assert.Equal(("host", "host"), ((string?)box["NetworkMode"], (string?)box["UTSMode"]));
        Assert.Equal(["NET_ADMIN"], Strings(box["CapAdd"]).Select(name => name!.Replace("CAP_", "", StringComparison.Ordinal)));
        Assert.Equal("/dev/null", (string?)box["Devices"]![0]!["PathOnHost"]);
        Assert.Equal("crw", (await sandbox.Raw.ExecAsync("vocab-box", "ls", "-l", "/dev/void"))[..3]);
    }

    private static IEnumerable<string?> Strings(JsonNode? list) => list!.AsArray().Select(item => (string?)item).Order(StringComparer.Ordinal);
}

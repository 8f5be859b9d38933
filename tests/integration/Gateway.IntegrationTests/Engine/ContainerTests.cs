using Gateway.Core.Engine;
using Gateway.Core.Json;
using Gateway.Core.Reports;
using Gateway.IntegrationTests.Fixtures;
using System.Text.Json.Nodes;

namespace Gateway.IntegrationTests.Engine;

public sealed class ContainerTests(SandboxFixture fixture) : EngineTests(fixture)
{
    private const string Waiting = "trap 'exit 7' TERM; while :; do sleep 0.1; done";

    [Fact]
    public async Task A_container_lives_from_create_to_remove()
    {
        var image = await PulledAsync("life", new TestImage());
        var name = NewName("life");
        var id = await CreateAsync(image, spec => spec with { Cmd = ["sh", "-c", Waiting] }, name);
        Assert.Equal("created", Good(await Docker.Containers.InspectAsync(name)).State.Status);

        Good(await Docker.Containers.StartAsync(name));
        Good(await Docker.Containers.StartAsync(name));
        var running = Good(await Docker.Containers.InspectAsync(id));
        Assert.True(running.State.Running);
        Assert.Equal(name, running.Name);
        Assert.Equal(image, running.Config.Image);
        Assert.InRange(running.State.StartedAt, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));

        Good(await Docker.Containers.RenameAsync(id, name + "-old"));
        Good(await Docker.Containers.RestartAsync(id, TimeSpan.FromSeconds(5)));
        Good(await Docker.Containers.StopAsync(id, TimeSpan.FromSeconds(5)));
        Good(await Docker.Containers.StopAsync(id));
        var stopped = Good(await Docker.Containers.InspectAsync(name + "-old"));
        Assert.Equal(("exited", 7), (stopped.State.Status, stopped.State.ExitCode));
        Assert.Equal(id, stopped.Id);

        Good(await Docker.Containers.RemoveAsync(id));
        Assert.Equal(FailureKind.NotFound, Bad(await Docker.Containers.InspectAsync(id)).Kind);
    }

    [Fact]
    public async Task The_list_tells_names_labels_and_states_and_filters_by_label()
    {
        var image = await PulledAsync("list", new TestImage());
        var name = NewName("list");
        await RunAsync(image, spec => spec with { Labels = new Dictionary<string, string>(spec.Labels!) { ["colour"] = name } }, name);
        await CreateAsync(image, spec => spec with { Labels = new Dictionary<string, string>(spec.Labels!) { ["colour"] = name } });

        var all = Good(await Docker.Containers.ListAsync([$"colour={name}"]));
        var running = Assert.Single(Good(await Docker.Containers.ListAsync([$"colour={name}"], all: false)));

        Assert.Equal(2, all.Length);
        Assert.Equal(name, running.Name);
        Assert.Equal("running", running.State);
        Assert.Equal(name, running.Labels["colour"]);
        Assert.StartsWith("sha256:", running.ImageID, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engines_own_words_are_in_the_failure()
    {
        var image = await PulledAsync("words", new TestImage());
        var name = NewName("words");
        await CreateAsync(image, name: name);

        var taken = Bad(await Docker.Containers.CreateAsync(name, new ContainerSpec { Image = image }));
        Assert.Equal(FailureKind.Conflict, taken.Kind);
        Assert.Equal(Phase.Apply, taken.Phase);
        Assert.Contains("is already in use by container", taken.Message, StringComparison.Ordinal);
        Assert.Contains(name, taken.Subject, StringComparison.Ordinal);

        var noImage = Bad(await Docker.Containers.CreateAsync(NewName("x"), new ContainerSpec { Image = "nowhere/nothing:1" }));
        Assert.Equal(FailureKind.NotFound, noImage.Kind);
        Assert.Contains("No such image: nowhere/nothing:1", noImage.Message, StringComparison.Ordinal);

        var absent = Bad(await Docker.Containers.InspectAsync("nobody"));
        Assert.Equal((FailureKind.NotFound, Phase.Observe, false), (absent.Kind, absent.Phase, absent.Retryable));

        var badBody = Bad(await Docker.Containers.CreateAsync(NewName("x"), new JsonObject { ["Image"] = image, ["HostConfig"] = new JsonObject { ["Memory"] = 1 } }));
        Assert.Equal(FailureKind.Refused, badBody.Kind);
        Assert.Contains("memory limit", badBody.Message, StringComparison.Ordinal);

        Assert.Equal(FailureKind.Conflict, Bad(await Docker.Containers.KillAsync(name)).Kind);
        Assert.Equal(FailureKind.Conflict, Bad(await Docker.Containers.RemoveAsync(await RunAsync(image))).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a?force=1")]
    [InlineData("a\n")]
    public async Task A_name_that_would_be_another_request_is_refused_before_it_is_sent(string name)
    {
        Assert.Equal(FailureKind.Refused, Bad(await Docker.Containers.RemoveAsync(name, force: true)).Kind);
        Assert.Equal(FailureKind.Refused, Bad(await Docker.Containers.InspectAsync(name)).Kind);
        Assert.Equal(FailureKind.Refused, Bad(await Docker.Volumes.RemoveAsync(name)).Kind);
        Assert.Equal(FailureKind.Refused, Bad(await Docker.Networks.RemoveAsync(name)).Kind);
    }

    [Fact]
    public async Task A_program_that_is_not_in_the_image_says_so_at_the_start()
    {
        var image = await PulledAsync("noprogram", new TestImage());

        var failure = Bad(await Docker.Containers.StartAsync(await CreateAsync(image, spec => spec with { Cmd = ["/no/such/program"] })));

        Assert.Contains("/no/such/program", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.ToString());
    }

    [Fact]
    public async Task Logs_keep_the_two_streams_apart()
    {
        var image = await PulledAsync("logs", new TestImage());
        var id = await RunAsync(image, spec => spec with { Cmd = ["sh", "-c", "echo one; sleep 0.2; echo two >&2; sleep 0.2; printf three"] });
        Assert.Equal(0, Good(await Docker.Containers.WaitAsync(id)));

        var logs = Good(await Docker.Containers.LogsAsync(id, new LogQuery()));
        Assert.Equal([new LogLine(false, "one"), new LogLine(true, "two"), new LogLine(false, "three")], logs.Lines.AsEnumerable());
        Assert.False(logs.Truncated);

        Assert.Equal(["three"], Good(await Docker.Containers.LogsAsync(id, new LogQuery { Tail = 1 })).Lines.Select(line => line.Text));
    }

    [Fact]
    public async Task Logs_are_bounded()
    {
        var image = await PulledAsync("manylogs", new TestImage());
        var id = await RunAsync(image, spec => spec with { Cmd = ["sh", "-c", "yes 0123456789 | head -n 20000"] });
        Good(await Docker.Containers.WaitAsync(id));

        var logs = Good(await Docker.Containers.LogsAsync(id, new LogQuery { Tail = null, MaxBytes = 10_000 }));

        Assert.True(logs.Truncated);
        Assert.InRange(logs.Lines.Length, 400, 1000);
    }

    [Fact]
    public async Task Logs_of_a_container_with_a_terminal_have_no_frames()
    {
        var image = await PulledAsync("tty", new TestImage());
        var id = await RunAsync(image, spec => spec with { Tty = true, Cmd = ["sh", "-c", "echo one; echo two >&2"] });
        Good(await Docker.Containers.WaitAsync(id));

        Assert.Equal(["one", "two"], Good(await Docker.Containers.LogsAsync(id, new LogQuery())).Lines.Select(line => line.Text));
    }

    [Fact]
    public async Task Following_logs_gives_lines_as_they_come_and_ends_with_the_container()
    {
        var image = await PulledAsync("follow", new TestImage());
        var id = await RunAsync(image, spec => spec with { Cmd = ["sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.2; done"] });
        var lines = new List<string>();

        await foreach (var line in Docker.Containers.FollowLogsAsync(id, new LogQuery { Tail = null }))
        {
            lines.Add(Good(line).Text);
        }

        Assert.Equal(["1", "2", "3"], lines);
    }

    [Fact]
    public async Task A_health_check_is_seen_in_the_state()
    {
        var image = await PulledAsync("health", new TestImage { Healthcheck = TestImage.Check("echo checked; test -e /tmp/well", retries: 1) });
        var sick = await RunAsync(image);
        await EventuallyAsync(async () => Good(await Docker.Containers.InspectAsync(sick)).State.Health?.Status == "unhealthy");
        var probe = Good(await Docker.Containers.InspectAsync(sick)).State.Health!.Log[^1];
        Assert.Equal((1, "checked\n"), (probe.ExitCode, probe.Output));

        var well = await RunAsync(image, spec => spec with { Cmd = ["sh", "-c", "touch /tmp/well; sleep infinity"] });
        await EventuallyAsync(async () => Good(await Docker.Containers.InspectAsync(well)).State.Health?.Status == "healthy");
    }

    [Fact]
    public async Task A_wait_lasts_until_the_end_and_a_restart_policy_can_be_changed_meanwhile()
    {
        var image = await PulledAsync("wait", new TestImage());
        var id = await RunAsync(image, spec => spec with { Cmd = ["sh", "-c", Waiting], HostConfig = new HostConfigSpec { RestartPolicy = new RestartPolicySpec { Name = "always" } } });
        Assert.Equal("always", Good(await Docker.Containers.InspectAsync(id)).HostConfig.RestartPolicy.Name);

        Good(await Docker.Containers.UpdateRestartPolicyAsync(id, new RestartPolicySpec { Name = "no" }));
        var waiting = Docker.Containers.WaitAsync(id);
        Good(await Docker.Containers.KillAsync(id, "SIGTERM"));

        Assert.Equal(7, Good(await waiting));
        Assert.Equal("no", Good(await Docker.Containers.InspectAsync(id)).HostConfig.RestartPolicy.Name);
    }

    [Fact]
    public async Task What_is_said_in_the_spec_arrives_and_any_engine_option_can_be_laid_under_it()
    {
        var image = await PulledAsync("spec", new TestImage());
        var spec = new ContainerSpec
        {
            Image = image,
            Cmd = ["sh", "-c", "echo $GREETING $(id -u) $(hostname) $(cat /proc/sys/kernel/shmmni) $(pwd); sleep infinity"],
            Env = ["GREETING=hello"],
            User = "1000",
            WorkingDir = "/tmp",
            Hostname = "box",
            Labels = new Dictionary<string, string> { ["test.engine"] = "yes" },
            HostConfig = new HostConfigSpec
            {
                Memory = 64 * 1024 * 1024,
                NanoCpus = 500_000_000,
                PidsLimit = 50,
                CapDrop = ["ALL"],
                ReadonlyRootfs = true,
                Tmpfs = new Dictionary<string, string> { ["/scratch"] = "size=1m" },
                Ulimits = [new UlimitSpec("nofile", 100, 200)],
                LogConfig = new LogConfigSpec("json-file", new Dictionary<string, string> { ["max-size"] = "1m" }),
                ExtraHosts = ["friend:10.0.0.1"],
                Init = true,
                Devices = [new DeviceSpec { PathOnHost = "/dev/null", PathInContainer = "/dev/nothing" }],
            },
        };
        var under = JsonNode.Parse("""{"Hostname":"loses","HostConfig":{"Sysctls":{"kernel.shmmni":"1234"},"Memory":1}}""")!.AsObject();

        var id = Good(await Docker.Containers.CreateAsync(NewName("spec"), JsonMerge.Merge(under, spec.ToJson()))).Id;
        Good(await Docker.Containers.StartAsync(id));

        await EventuallyAsync(async () => Good(await Docker.Containers.LogsAsync(id, new LogQuery())).Lines.Length > 0);
        Assert.Equal("hello 1000 box 1234 /tmp", Good(await Docker.Containers.LogsAsync(id, new LogQuery())).Lines[0].Text);
        var details = Good(await Docker.Containers.InspectAsync(id));
        Assert.Equal(64 * 1024 * 1024, details.HostConfig.Memory);
        Assert.Equal("/dev/nothing", Assert.Single(details.HostConfig.Devices).PathInContainer);
        Assert.Contains("GREETING=hello", details.Config.Env);
    }
}

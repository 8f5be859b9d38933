using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Updates;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>Containers that misbehave, and containers that somebody misused.</summary>
public class TroubleTests
{
    private static DesiredState Web(string more = "") => Given.State($$"""
        app:
          services:
            web: {image: "r.example.com/web:1", {{more}} }
        """);

    private static FakeGateway Running(DesiredState desired)
    {
        var gateway = new FakeGateway();
        gateway.Converge(desired);
        gateway.Log.Clear();
        return gateway;
    }

    private static void Change(FakeGateway gateway, Func<ObservedContainer, ObservedContainer> change) => gateway.Change(gateway.Named("app-web").Id, change);

    private static ServicePlan Service(FakeGateway gateway) => Assert.Single(gateway.App("app").Services);

    [Fact]
    public void An_unhealthy_container_is_restarted_at_once_and_then_after_pauses_that_grow()
    {
        var gateway = Running(Web());
        var pauses = new List<double>();
        var last = gateway.Now;
        for (var i = 0; i < 12; i++)
        {
            Change(gateway, container => container with { Health = ContainerHealth.Unhealthy });
            var plan = Assert.Single(gateway.Plan(Web()).Applications);
            while (plan.Steps.IsEmpty)
            {
                Assert.Equal(ApplicationState.Running, plan.State);
                Assert.Contains("web is unhealthy; tried", plan.Services[0].Error, StringComparison.Ordinal);
                gateway.Now = plan.LookAt!.Value;
                plan = Assert.Single(gateway.Plan(Web()).Applications);
            }

            Assert.IsType<RestartContainer>(Assert.Single(plan.Steps));
            pauses.Add((gateway.Now - last).TotalSeconds);
            last = gateway.Now;
            gateway.Record = RecordJson.Read(RecordJson.Write(gateway.Plan(Web()).Record), "record").Value;
        }

        Assert.Equal([0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600], pauses);
    }

    [Fact]
    public void After_ten_quiet_minutes_it_is_restarted_at_once_again()
    {
        var gateway = Running(Web());
        Change(gateway, container => container with { Health = ContainerHealth.Unhealthy });
        gateway.Converge(Web());
        Assert.Equal(["app: restart container app-web"], gateway.Log);
        Assert.NotEmpty(gateway.Record.Applications["app"].Trials);
        Change(gateway, container => container with { Health = ContainerHealth.Healthy });
        gateway.Now += TimeSpan.FromMinutes(11);
        gateway.Converge(Web());

        Assert.Empty(gateway.Record.Applications["app"].Trials);
    }

    [Fact]
    public void A_service_that_does_not_want_it_is_not_restarted()
    {
        var desired = Web("x-restart-unhealthy: false");
        var gateway = Running(desired);
        Change(gateway, container => container with { Health = ContainerHealth.Unhealthy });
        gateway.Converge(desired);

        Assert.Empty(gateway.Log);
        Assert.Equal("web is unhealthy", Service(gateway).Error);
    }

    [Fact]
    public void A_closed_gate_does_not_hold_a_restart_up()
    {
        var gateway = Running(Web());
        gateway.Gate = new UpdateGate("locked", null);
        Change(gateway, container => container with { Health = ContainerHealth.Unhealthy });
        gateway.Converge(Web());

        Assert.Equal(["app: restart container app-web"], gateway.Log);
    }

    [Fact]
    public void A_crash_loop_is_named_with_its_exit_code_and_count()
    {
        var gateway = Running(Web());
        Change(gateway, container => container with { State = ContainerState.Restarting, Restarts = 7, ExitCode = 3 });
        gateway.Converge(Web());
        Assert.Equal("web keeps ending with exit code 3, restarted 7 times", Service(gateway).Error);
        Assert.Empty(gateway.Log);

        // Between two ends it runs for a moment: that is no recovery.
        Change(gateway, container => container with { State = ContainerState.Running, Started = gateway.Now, ExitCode = null });
        Assert.Equal("web keeps ending, restarted 7 times", gateway.Plan(Web()).Applications[0].Services[0].Error);
        gateway.Now += TimeSpan.FromMinutes(2);
        Assert.Null(gateway.Plan(Web()).Applications[0].Services[0].Error);
    }

    [Fact]
    public void Out_of_memory_is_named_with_the_limit()
    {
        var desired = Web("mem_limit: 64m, restart: \"on-failure:3\"");
        var gateway = Running(desired);
        Change(gateway, container => container with { State = ContainerState.Exited, OutOfMemory = true, ExitCode = 137, Restarts = 3 });
        gateway.Converge(desired);

        Assert.Equal("web ended, out of memory (its limit is 64 MiB); restarted 3 times, as often as it may be", Service(gateway).Error);
        Assert.Empty(gateway.Log);
    }

    [Fact]
    public void A_container_the_engine_cannot_start_is_tried_after_pauses_and_its_error_told()
    {
        var gateway = Running(Web());
        gateway.Unstartable.Add("r.example.com/web:1");
        Change(gateway, container => container with { State = ContainerState.Exited, ExitCode = 127, Error = "port is already allocated" });
        gateway.Converge(Web());

        Assert.InRange(gateway.Log.Count, 2, 6);
        Assert.Contains("web cannot be started: port is already allocated; tried", Service(gateway).Error, StringComparison.Ordinal);
        gateway.Unstartable.Clear();
        gateway.Converge(Web());
        Assert.Equal(ContainerState.Running, gateway.Named("app-web").State);
    }

    [Fact]
    public void A_paused_container_goes_on()
    {
        var gateway = Running(Web());
        Change(gateway, container => container with { State = ContainerState.Paused });
        gateway.Converge(Web());

        Assert.Equal(["app: unpause container app-web"], gateway.Log);
    }

    [Theory]
    [InlineData("mem_limit: 64m", 32, "unless-stopped", true)]
    [InlineData("mem_limit: 64m", 64, "unless-stopped", false)]
    [InlineData("mem_limit: 64m", 0, "unless-stopped", false)] // a kernel without memory limits
    [InlineData("", 64, "unless-stopped", true)]
    [InlineData("", 0, "no", true)]
    [InlineData("restart: always", 0, "unless-stopped", false)]
    public void What_docker_update_changed_is_put_right(string more, long mebibytes, string restart, bool repaired)
    {
        var gateway = Running(Web(more));
        var id = gateway.Named("app-web").Id;
        Change(gateway, container => container with { Settings = new ObservedSettings(restart, 0, mebibytes << 20, 0, 0, "", 0) });
        gateway.Converge(Web(more));

        Assert.Equal(repaired, gateway.Named("app-web").Id != id);
        Assert.Equal((ContainerState.Running, 1), (gateway.Named("app-web").State, gateway.Containers.Count));
    }

    [Fact]
    public void An_engine_that_does_not_keep_a_setting_is_not_asked_in_a_circle()
    {
        var gateway = Running(Web("mem_limit: 64m"));
        void Spoil() => Change(gateway, container => container with { Settings = new ObservedSettings("unless-stopped", 0, 1 << 20, 0, 0, "", 0) });
        Spoil();
        gateway.AfterStep = step =>
        {
            if (step is StartContainer)
            {
                Spoil();
            }
        };
        gateway.Converge(Web("mem_limit: 64m"));

        Assert.InRange(gateway.Log.Count(line => line.Contains("create container", StringComparison.Ordinal)), 1, 5);
    }

    [Fact]
    public void A_dead_container_is_made_again()
    {
        var gateway = Running(Web());
        Change(gateway, container => container with { State = ContainerState.Dead });
        gateway.Converge(Web());

        Assert.Equal(ContainerState.Running, Assert.Single(gateway.Containers).State);
    }

    [Fact]
    public void A_device_that_comes_back_elsewhere_gets_a_new_container_and_one_that_is_away_only_waits()
    {
        var desired = Given.State("""
            app:
              services:
                radio: {image: "r.example.com/radio:1", devices: ["/dev/ttyACM*:/dev/radio"]}
                log: {image: "r.example.com/log:1", depends_on: [radio]}
            """);
        var gateway = new FakeGateway { Policy = new() { RequireDigest = false, Devices = ["/dev/ttyACM*"] } };
        gateway.Devices["/dev/ttyACM*"] = "/dev/ttyACM0";
        gateway.Converge(desired);
        var (radio, log) = (gateway.Named("app-radio").Id, gateway.Named("app-log").Id);

        gateway.Devices["/dev/ttyACM*"] = null;
        gateway.Change(radio, container => container with { State = ContainerState.Exited, ExitCode = 1, Error = "no such device" });
        gateway.Converge(desired);
        Assert.Equal((ApplicationState.Waiting, "radio: device /dev/ttyACM* is not there"), (gateway.App("app").State, gateway.App("app").Reason));
        Assert.Equal("device /dev/ttyACM* is not there", gateway.App("app").Services.Single(service => service.Name == "radio").Error);

        gateway.Devices["/dev/ttyACM*"] = "/dev/ttyACM1";
        gateway.Converge(desired);
        Assert.Equal((ApplicationState.Running, ContainerState.Running), (gateway.App("app").State, gateway.Named("app-radio").State));
        Assert.NotEqual(radio, gateway.Named("app-radio").Id);
        Assert.Equal(log, gateway.Named("app-log").Id);
        Assert.Equal(2, gateway.Containers.Count);
    }

    [Fact]
    public void A_release_whose_device_is_absent_commits_without_it_so_that_it_neither_blocks_locks_nor_is_given_up()
    {
        var desired = Given.State("""
            app:
              services:
                radio: {image: "r.example.com/radio:1", devices: ["/dev/ttyACM*"]}
                log: {image: "r.example.com/log:1", depends_on: [radio]}
                web: {image: "r.example.com/web:1"}
            """);
        var gateway = new FakeGateway { Policy = new() { RequireDigest = false, Devices = ["/dev/ttyACM*"] } };
        gateway.Devices["/dev/ttyACM*"] = null;
        for (var run = 0; run < 10; run++)
        {
            gateway.Run = $"run-{run}";
            gateway.Converge(desired);
        }

        Assert.Equal(ApplicationState.Waiting, gateway.App("app").State);
        Assert.Equal(ContainerState.Running, gateway.Named("app-web").State);
        Assert.False(gateway.Last.IsChanging);
        gateway.Gate = new UpdateGate("locked", null);
        gateway.Devices["/dev/ttyACM*"] = "/dev/ttyACM0";
        gateway.Converge(desired);
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
    }

    [Fact]
    public void An_image_that_must_not_be_pulled_is_waited_for_and_nothing_is_touched()
    {
        var gateway = Running(Web());
        var next = Given.State("app: {services: {web: {image: \"r.example.com/web:2\", pull_policy: never}}}");
        gateway.Converge(next);
        Assert.Empty(gateway.Log);
        Assert.Contains("is never pulled; load it", gateway.App("app").Reason, StringComparison.Ordinal);

        gateway.Images.Add("r.example.com/web:2");
        gateway.Converge(next);
        Assert.Equal("r.example.com/web:2", gateway.Named("app-web").Image);
    }
}

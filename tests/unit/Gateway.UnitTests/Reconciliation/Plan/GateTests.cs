using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Status;
using Gateway.Reconciliation.Updates;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>Windows and locks: changes wait, restarts and downloads do not, and what has begun goes on.</summary>
public class GateTests
{
    private static readonly DateTimeOffset Until = new(2026, 1, 1, 6, 0, 0, TimeSpan.Zero);
    private static readonly UpdateGate Locked = new("locked by press-4 (printing)", Until);

    private static DesiredState Web(int version, string urgency = "normal") =>
        Given.Parse($$$"""
            release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}
            urgency: {{{urgency}}}
            applications:
              app: {services: {web: {image: "r.example.com/web:{{{version}}}" } } }
            """).Value;

    private static FakeGateway Running()
    {
        var gateway = new FakeGateway();
        gateway.Converge(Web(1));
        gateway.Log.Clear();
        gateway.Gate = Locked;
        return gateway;
    }

    [Fact]
    public void An_update_waits_with_reason_and_end_and_its_image_comes_meanwhile()
    {
        var gateway = Running();
        gateway.Converge(Web(2));

        Assert.Equal(["app: pull r.example.com/web:2"], gateway.Log);
        var plan = gateway.App("app");
        Assert.Equal((ApplicationState.Waiting, "locked by press-4 (printing)", Until), (plan.State, plan.Reason, plan.Until!.Value));
        Assert.Equal(Until, plan.LookAt);
        Assert.False(gateway.Last.IsChanging);
        Assert.Equal(Until, StatusBuilder.Applications(gateway.Last)["app"].Until);

        gateway.Gate = UpdateGate.Open;
        gateway.Converge(Web(2));
        Assert.Equal("r.example.com/web:2", gateway.Named("app-web").Image);
        Assert.Equal((ApplicationState.Running, null), (gateway.App("app").State, gateway.App("app").Until));
    }

    [Fact]
    public void What_waits_to_be_replaced_is_still_repaired()
    {
        var gateway = Running();
        gateway.Change(gateway.Named("app-web").Id, container => container with { State = ContainerState.Exited, ExitCode = 1 });
        gateway.Converge(Web(2));

        Assert.Equal((ContainerState.Running, "r.example.com/web:1"), (gateway.Named("app-web").State, gateway.Named("app-web").Image));
        Assert.Equal(ApplicationState.Waiting, gateway.App("app").State);
    }

    [Fact]
    public void A_first_installation_waits()
    {
        var gateway = new FakeGateway { Gate = Locked };
        gateway.Converge(Web(1));

        Assert.Empty(gateway.Containers);
        Assert.Equal(ApplicationState.Waiting, gateway.App("app").State);
    }

    [Fact]
    public void A_critical_release_passes()
    {
        var gateway = Running();
        gateway.Converge(Web(2, "critical"));

        Assert.Equal("r.example.com/web:2", gateway.Named("app-web").Image);
    }

    [Fact]
    public void An_update_that_has_begun_goes_on_to_its_end_even_after_power_was_lost_before_its_first_step()
    {
        var gateway = Running();
        gateway.Gate = UpdateGate.Open;
        gateway.Images.Add("r.example.com/web:2");
        var plan = gateway.Plan(Web(2));
        Assert.True(plan.IsChanging);
        gateway.Record = RecordJson.Read(RecordJson.Write(plan.Record), "record").Value;
        gateway.Gate = Locked;
        gateway.Converge(Web(2));

        Assert.Equal("r.example.com/web:2", gateway.Named("app-web").Image);
        Assert.False(gateway.Last.IsChanging);
    }

    [Fact]
    public void What_rolls_back_is_changing_until_the_old_containers_run_again()
    {
        var gateway = Running();
        gateway.Gate = UpdateGate.Open;
        gateway.Sick.Add("r.example.com/web:2");
        var changing = new List<bool>();
        gateway.AfterStep = step =>
        {
            changing.Add(gateway.Record.Applications["app"].Begun is not null);
            gateway.Gate = Locked;
        };
        gateway.Converge(Web(2));

        Assert.Equal("r.example.com/web:1", Assert.Single(gateway.Containers).Image);
        Assert.All(changing.Skip(1), Assert.True);
        Assert.False(gateway.Last.IsChanging);
    }

    [Fact]
    public void The_next_release_waits_when_the_gate_has_closed_and_the_half_done_one_goes_back()
    {
        var gateway = Running();
        gateway.Gate = UpdateGate.Open;
        var id = gateway.Named("app-web").Id;
        gateway.AfterStep = step =>
        {
            if (step is CreateContainer)
            {
                throw new TimeoutException();
            }
        };
        Assert.Throws<TimeoutException>(() => gateway.Converge(Web(2)));
        gateway.AfterStep = static _ => { };
        gateway.Gate = Locked;
        gateway.Converge(Web(3));

        Assert.Equal((id, "r.example.com/web:1"), (gateway.Named("app-web").Id, Assert.Single(gateway.Containers).Image));
        Assert.Equal(ApplicationState.Waiting, gateway.App("app").State);
        Assert.False(gateway.Last.IsChanging);
    }

    [Fact]
    public void Removal_waits_and_what_is_to_go_is_still_repaired()
    {
        var gateway = Running();
        gateway.Change(gateway.Named("app-web").Id, container => container with { State = ContainerState.Exited, ExitCode = 1 });
        gateway.Converge(Given.State("{}"));

        Assert.Equal(ContainerState.Running, gateway.Named("app-web").State);
        Assert.Equal((ApplicationState.Waiting, "to be removed; locked by press-4 (printing)", Until), (gateway.App("app").State, gateway.App("app").Reason, gateway.App("app").Until!.Value));

        gateway.Gate = UpdateGate.Open;
        gateway.Converge(Given.State("{}"));
        Assert.Empty(gateway.Containers);
        Assert.Empty(gateway.Record.Applications);
    }

    [Fact]
    public void A_removal_that_has_begun_goes_on()
    {
        var gateway = Running();
        gateway.Gate = UpdateGate.Open;
        gateway.AfterStep = step => throw new TimeoutException(step.Describe());
        Assert.Throws<TimeoutException>(() => gateway.Converge(Given.State("{}")));
        Assert.True(gateway.Last.IsChanging);
        gateway.AfterStep = static _ => { };
        gateway.Gate = Locked;
        gateway.Converge(Given.State("{}"));

        Assert.Empty(gateway.Containers);
    }

    [Fact]
    public void Images_nobody_needs_are_removed_while_updates_wait()
    {
        var gateway = Running();
        gateway.Images.Add("r.example.com/web:0");
        gateway.Record = gateway.Record with { Garbage = ["r.example.com/web:0"] };
        gateway.Converge(Web(2));

        Assert.Equal(["r.example.com/web:1", "r.example.com/web:2"], gateway.Images.Order());
    }

    [Fact]
    public void A_record_written_before_the_gate_existed_is_read()
    {
        const string Old = """{"schema":1,"applications":{"app":{"committed":[],"candidate":null,"attempts":0,"run":"","failed":[],"images":[]}},"garbage":[]}""";
        Assert.Null(RecordJson.Read(System.Text.Encoding.UTF8.GetBytes(Old), "record").Value.Applications["app"].Begun);
    }
}

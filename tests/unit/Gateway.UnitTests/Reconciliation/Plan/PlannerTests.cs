using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;

namespace Gateway.UnitTests.Reconciliation.Plan;

public class PlannerTests
{
    private static DesiredState Two(string web = "1", string db = "1") => Given.State($$"""
        app:
          version: "{{web}}"
          services:
            db: {image: "r.example.com/db:{{db}}"}
            web: {image: "r.example.com/web:{{web}}", depends_on: {db: {condition: service_healthy} } }
        """);

    private static FakeGateway Running(DesiredState desired)
    {
        var gateway = new FakeGateway();
        gateway.Converge(desired);
        gateway.Log.Clear();
        return gateway;
    }

    [Fact]
    public void A_first_start_pulls_everything_then_starts_in_order()
    {
        var gateway = new FakeGateway();
        gateway.Converge(Two());

        Assert.Equal(
            [
                "app: pull r.example.com/db:1", "app: pull r.example.com/web:1", "app: create network app_default",
                "app: create container app-db from r.example.com/db:1", "app: create container app-web from r.example.com/web:1",
                "app: start container app-db", "app: wait for app-db", "app: start container app-web", "app: wait for app-web",
            ],
            gateway.Log);
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
        Assert.Null(gateway.App("app").Reason);
    }

    [Fact]
    public void Services_start_after_those_they_depend_on_whatever_they_are_called()
    {
        var stages = new Dictionary<string, int>();
        var gateway = new FakeGateway();
        gateway.AfterStep = step =>
        {
            if (step is StartContainer start)
            {
                stages[start.Name] = start.Stage;
            }
        };
        gateway.Converge(Given.State("""
            app:
              services:
                a: {image: "r.example.com/a:1", depends_on: [m]}
                b: {image: "r.example.com/b:1", links: ["a:alias"]}
                m: {image: "r.example.com/m:1", depends_on: {z: {condition: service_healthy} } }
                z: {image: "r.example.com/z:1"}
            """));

        Assert.Equal(["app-z", "app-m", "app-a", "app-b"], Started(gateway));
        // Steps of one stage run side by side: those that need each other must not share one.
        Assert.True(stages["app-m"] < stages["app-a"] && stages["app-a"] < stages["app-b"]);
        Assert.True(gateway.Log.IndexOf("app: wait for app-z") < gateway.Log.IndexOf("app: start container app-m"));
    }

    [Fact]
    public void An_update_replaces_in_the_same_order()
    {
        DesiredState Release(int version) => Given.State($$"""
            app:
              services:
                a: {image: "r.example.com/a:{{version}}", depends_on: [m]}
                m: {image: "r.example.com/m:{{version}}", depends_on: [z]}
                z: {image: "r.example.com/z:{{version}}"}
            """);
        var gateway = Running(Release(1));
        gateway.Converge(Release(2));

        Assert.Equal(["app-z", "app-m", "app-a"], Started(gateway));
    }

    private static IEnumerable<string> Started(FakeGateway gateway) =>
        gateway.Log.Where(line => line.StartsWith("app: start container ", StringComparison.Ordinal)).Select(line => line["app: start container ".Length..]);

    [Fact]
    public void An_update_of_one_service_leaves_the_others_container_alone()
    {
        var gateway = Running(Two());
        var db = gateway.Named("app-db").Id;
        gateway.Converge(Two(web: "2"));

        Assert.Equal(db, gateway.Named("app-db").Id);
        Assert.Equal("r.example.com/web:2", gateway.Named("app-web").Image);
        Assert.Equal(2, gateway.Containers.Count);
        Assert.DoesNotContain(gateway.Log, line => line.Contains("app-db", StringComparison.Ordinal));
        Assert.Equal(
            [
                "app: pull r.example.com/web:2", "app: rename container app-web to app-web.previous", "app: create container app-web from r.example.com/web:2",
                "app: stop container app-web.previous", "app: start container app-web", "app: wait for app-web", "app: remove container app-web.previous",
            ],
            gateway.Log);
    }

    [Fact]
    public void A_sick_update_goes_back_to_the_same_containers_and_is_not_tried_again()
    {
        var gateway = Running(Two());
        var before = gateway.Containers.Select(container => (container.Id, container.Name)).Order().ToList();
        gateway.Sick.Add("r.example.com/web:2");
        gateway.Converge(Two(web: "2", db: "2"));

        Assert.Equal(before, gateway.Containers.Select(container => (container.Id, container.Name)).Order());
        Assert.All(gateway.Containers, container => Assert.Equal(ContainerState.Running, container.State));
        Assert.Equal(ApplicationState.RolledBack, gateway.App("app").State);
        Assert.Equal("web is unhealthy", gateway.App("app").Reason);
        gateway.Log.Clear();
        gateway.Sick.Clear();
        gateway.Converge(Two(web: "2", db: "2"));
        Assert.Empty(gateway.Log);
        gateway.Converge(Two(web: "3"));
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
    }

    [Fact]
    public void A_container_that_the_engine_cannot_start_brings_the_old_one_back()
    {
        var gateway = Running(Two());
        var web = gateway.Named("app-web").Id;
        gateway.Unstartable.Add("r.example.com/web:2");
        gateway.Converge(Two(web: "2"));

        Assert.Equal(web, gateway.Named("app-web").Id);
        Assert.Equal(ContainerState.Running, gateway.Named("app-web").State);
        Assert.Contains("driver failed programming", gateway.App("app").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_installation_that_fails_is_failed_and_leaves_nothing_running()
    {
        var gateway = new FakeGateway();
        gateway.Sick.Add("r.example.com/db:1");
        gateway.Converge(Two());

        Assert.Equal(ApplicationState.Failed, gateway.App("app").State);
        Assert.Empty(gateway.Containers);
    }

    [Fact]
    public void What_someone_stopped_renamed_removed_or_disconnected_by_hand_is_repaired()
    {
        var gateway = Running(Two());
        gateway.Change(gateway.Named("app-db").Id, container => container with { State = ContainerState.Exited, ExitCode = 0 });
        gateway.Change(gateway.Named("app-web").Id, container => container with { Name = "nosy" });
        gateway.Converge(Two());
        Assert.Equal(ContainerState.Running, gateway.Named("app-db").State);
        Assert.Equal(ContainerState.Running, gateway.Named("app-web").State);

        gateway.Containers.Remove(gateway.Named("app-web"));
        gateway.Converge(Two());
        Assert.Equal(ContainerState.Running, gateway.Named("app-web").State);

        var id = gateway.Named("app-db").Id;
        gateway.Change(id, container => container with { Networks = ["bridge"] });
        gateway.Converge(Two());
        Assert.NotEqual(id, gateway.Named("app-db").Id);
        Assert.Equal(2, gateway.Containers.Count);
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
    }

    [Fact]
    public void A_name_held_by_a_foreign_container_blocks_that_application_only()
    {
        var gateway = new FakeGateway();
        gateway.Containers.Add(new ObservedContainer { Id = "f", Name = "app-web", State = ContainerState.Running });
        gateway.Converge(Given.State("""
            app: {services: {web: {image: "r.example.com/web:1"}}}
            other: {services: {web: {image: "r.example.com/web:1"}}}
            """));

        Assert.Equal(ApplicationState.Failed, gateway.App("app").State);
        Assert.Contains("'app-web' is taken by a container that is not ours", gateway.App("app").Reason, StringComparison.Ordinal);
        Assert.Equal(ApplicationState.Running, gateway.App("other").State);
        Assert.Equal("f", gateway.Named("app-web").Id);
    }

    [Fact]
    public void An_application_that_the_policy_refuses_keeps_what_it_has_running()
    {
        var gateway = Running(Two());
        var ids = gateway.Containers.Select(container => container.Id).ToList();
        gateway.Converge(Given.State("app: {services: {web: {image: \"r.example.com/web:2\", privileged: true}}}"));

        Assert.Equal(ApplicationState.Refused, gateway.App("app").State);
        Assert.Contains("policy.privileged", gateway.App("app").Reason, StringComparison.Ordinal);
        Assert.Equal(ids, gateway.Containers.Select(container => container.Id));
    }

    [Fact]
    public void An_application_that_is_gone_goes_with_its_network_and_its_volumes_stay()
    {
        var gateway = Running(Given.State("""
            app:
              services: {web: {image: "r.example.com/web:1", volumes: ["data:/data"]}}
              volumes: {data: {}}
            """));
        gateway.Containers.Add(new ObservedContainer
        {
            Id = "self",
            Name = "supervisor",
            State = ContainerState.Running,
            Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("io.gateway.role", "supervisor").Add("io.gateway.application", "app"),
        });
        gateway.Converge(Given.State("{}"));

        Assert.Equal("supervisor", Assert.Single(gateway.Containers).Name);
        Assert.Empty(gateway.Networks);
        Assert.Equal("app_data", Assert.Single(gateway.Volumes).Name);
        Assert.Empty(gateway.Record.Applications);
        Assert.Empty(gateway.Images);
    }

    [Fact]
    public void With_nothing_ever_desired_nothing_is_touched()
    {
        var gateway = Running(Two());
        var plan = Planner.Plan(new PlanInput(null, new ObservedState([.. gateway.Containers], [], [], [], Given.NoDevices), gateway.Record, gateway.Policy, gateway.Now));

        Assert.True(plan.IsEmpty);
    }

    [Fact]
    public void An_image_that_another_application_may_go_back_to_stays()
    {
        var gateway = new FakeGateway();
        foreach (var (one, two) in new[] { (1, 1), (2, 2), (3, 2) })
        {
            gateway.Converge(Given.State($$"""
                one: {services: {web: {image: "r.example.com/web:{{one}}"} } }
                two: {services: {web: {image: "r.example.com/web:{{two}}"} } }
                """));
        }

        Assert.Equal(["r.example.com/web:1", "r.example.com/web:2", "r.example.com/web:3"], gateway.Images.Order());
    }

    [Fact]
    public void Images_of_the_release_before_last_are_removed()
    {
        var gateway = Running(Two());
        gateway.Converge(Two(web: "2"));
        Assert.Contains("r.example.com/web:1", gateway.Images);
        gateway.Converge(Two(web: "3"));

        Assert.Equal(["r.example.com/db:1", "r.example.com/web:2", "r.example.com/web:3"], gateway.Images.Order());
    }

    [Fact]
    public void A_service_whose_device_is_absent_waits_and_the_others_go_on()
    {
        var desired = Given.State("""
            app:
              services:
                radio: {image: "r.example.com/radio:1", devices: ["/dev/serial/by-id/usb-*|/dev/ttyACM0:/dev/radio"]}
                web: {image: "r.example.com/web:1"}
            """);
        var gateway = new FakeGateway { Policy = new() { RequireDigest = false, Devices = ["/dev/serial/by-id/", "/dev/ttyACM*"] } };
        gateway.Devices["/dev/serial/by-id/usb-*|/dev/ttyACM0"] = null;
        gateway.Converge(desired);
        Assert.Equal("app-web", Assert.Single(gateway.Containers).Name);
        Assert.Equal(ApplicationState.Waiting, gateway.App("app").State);
        Assert.Contains("device /dev/serial/by-id/usb-*|/dev/ttyACM0 is not there", gateway.App("app").Reason, StringComparison.Ordinal);

        gateway.Devices["/dev/serial/by-id/usb-*|/dev/ttyACM0"] = "/dev/ttyACM0";
        gateway.Converge(desired);
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
        Assert.Equal("/dev/ttyACM0", gateway.Named("app-radio").Labels["io.gateway.devices"]);
    }

    [Fact]
    public void A_candidate_that_outlives_several_runs_is_given_up()
    {
        var gateway = Running(Two());
        for (var run = 2; run < 12; run++)
        {
            gateway.Run = $"run-{run}";
            gateway.AfterStep = step => throw new TimeoutException(step.Describe());
            try
            {
                gateway.Converge(Two(web: "2"));
            }
            catch (TimeoutException)
            {
                gateway.Now += TimeSpan.FromMinutes(1);
            }
        }

        gateway.AfterStep = static _ => { };
        gateway.Converge(Two(web: "2"));
        Assert.Equal(2, gateway.Containers.Count);
    }
}

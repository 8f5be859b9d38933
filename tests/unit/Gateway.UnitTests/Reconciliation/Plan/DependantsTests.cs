using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Updates;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>Services that are tied to another restart after it was replaced or restarted: in order, and once.</summary>
public class DependantsTests
{
    private static DesiredState State(int db, string web = "depends_on: {db: {condition: service_healthy, restart: true} }") => Given.State($$"""
        app:
          services:
            db: {image: "r.example.com/db:{{db}}"}
            web: {image: "r.example.com/web:1", {{web}} }
            edge: {image: "r.example.com/edge:1", depends_on: {web: {condition: service_started, restart: true} } }
            other: {image: "r.example.com/other:1", depends_on: [db]}
        """);

    private static FakeGateway Running(DesiredState desired)
    {
        var gateway = new FakeGateway();
        gateway.Converge(desired);
        gateway.Log.Clear();
        return gateway;
    }

    private static List<string> Restarts(FakeGateway gateway) => [.. gateway.Log.Where(line => line.Contains("restart container", StringComparison.Ordinal))];

    [Theory]
    [InlineData("depends_on: {db: {condition: service_healthy, restart: true} }")]
    [InlineData("links: [db]")]
    public void They_restart_within_the_update_after_the_new_one_is_as_they_ask(string web)
    {
        var gateway = Running(State(1, web));
        var ids = gateway.Containers.Select(container => container.Id).ToHashSet();
        gateway.Converge(State(2, web));

        Assert.Equal(["app: restart container app-web", "app: restart container app-edge"], Restarts(gateway));
        Assert.True(gateway.Log.LastIndexOf("app: start container app-db") < gateway.Log.IndexOf("app: restart container app-web"));
        Assert.True(gateway.Log.IndexOf("app: restart container app-edge") < gateway.Log.IndexOf("app: remove container app-db.previous"));
        Assert.Equal(3, gateway.Containers.Count(container => ids.Contains(container.Id)));
        gateway.Log.Clear();
        gateway.Now += TimeSpan.FromHours(1);
        gateway.Converge(State(2, web));
        Assert.Empty(gateway.Log);
    }

    [Fact]
    public void Those_that_a_restart_by_hand_takes_along_are_named_in_start_order()
    {
        var application = State(1).Applications.Single();

        Assert.Equal(["web", "edge"], Dependants.Of(application, "db").AsEnumerable());
        Assert.Equal(["edge"], Dependants.Of(application, "web").AsEnumerable());
        Assert.Empty(Dependants.Of(application, "edge"));
    }

    [Fact]
    public void One_that_lives_in_the_namespace_of_another_is_made_anew_with_it_and_comes_back_with_it()
    {
        const string Inside = "network_mode: \"service:db\"";
        var gateway = Running(State(1, Inside));
        var before = gateway.Containers.ToDictionary(container => container.Name, container => container.Id);
        gateway.Sick.Add("r.example.com/db:2");
        gateway.Converge(State(2, Inside));
        Assert.Equal(ApplicationState.RolledBack, gateway.App("app").State);
        Assert.Equal(before.OrderBy(pair => pair.Key), gateway.Containers.ToDictionary(container => container.Name, container => container.Id).OrderBy(pair => pair.Key));

        gateway.Converge(State(3, Inside));
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
        Assert.Equal(gateway.Named("app-db").Id, Assert.Single(gateway.Named("app-web").Joined));
        Assert.Equal(before["app-other"], gateway.Named("app-other").Id);

        // Somebody removed the first by hand.
        gateway.Containers.Remove(gateway.Named("app-db"));
        gateway.Converge(State(3, Inside));
        Assert.Equal(gateway.Named("app-db").Id, Assert.Single(gateway.Named("app-web").Joined));
        Assert.Equal(4, gateway.Containers.Count);
        Assert.All(gateway.Containers, container => Assert.Equal(ContainerState.Running, container.State));
    }

    [Fact]
    public void One_that_lives_in_the_namespace_of_one_that_waits_for_its_device_waits_as_well_and_holds_nothing_up()
    {
        var gateway = new FakeGateway { Policy = new() { RequireDigest = false, Devices = ["/dev/"] } };
        gateway.Devices["/dev/x"] = null;
        var desired = Given.State("""
            app:
              services:
                web: {image: "r.example.com/a:1", devices: ["/dev/x"]}
                beside: {image: "r.example.com/a:1", network_mode: "service:web"}
                apart: {image: "r.example.com/a:1"}
            """);
        gateway.Converge(desired);
        Assert.Equal(["app-apart"], gateway.Containers.Select(container => container.Name));
        Assert.Contains("app", gateway.Record.Applications.Where(pair => !pair.Value.Committed.IsEmpty).Select(pair => pair.Key));

        gateway.Devices["/dev/x"] = "/dev/x";
        gateway.Converge(desired);
        Assert.Equal(3, gateway.Containers.Count(container => container.State == ContainerState.Running));
    }

    [Fact]
    public void One_that_lives_in_the_namespace_of_another_is_made_after_it()
    {
        var desired = Given.State("""
            app:
              services:
                beside: {image: "r.example.com/a:1", network_mode: "service:web"}
                inner: {image: "r.example.com/a:1", pid: "service:beside"}
                web: {image: "r.example.com/a:1"}
            """);
        var gateway = new FakeGateway();
        var made = new List<CreateContainer>();
        gateway.AfterStep = step => made.AddRange(new[] { step }.OfType<CreateContainer>());
        gateway.Converge(desired);

        Assert.Equal(["app-web", "app-beside", "app-inner"], made.OrderBy(step => step.Stage).Select(step => step.Name));
        Assert.Equal(3, made.Select(step => step.Stage).Distinct().Count());
    }

    [Fact]
    public void One_that_does_not_become_healthy_after_it_fails_the_update()
    {
        var gateway = Running(State(1));
        gateway.AfterStep = step =>
        {
            if (step is RestartContainer { Name: "app-web" })
            {
                gateway.Sick.Add("r.example.com/web:1");
                gateway.AfterStep = static _ => { };
            }
        };
        var db = gateway.Named("app-db").Id;
        var step = gateway.AfterStep;
        gateway.AfterStep = done =>
        {
            step(done);
            if (done is RenameContainer { NewName: "app-db" })
            {
                gateway.Sick.Clear();
            }
        };
        gateway.Converge(State(2));

        Assert.Equal(ApplicationState.RolledBack, gateway.App("app").State);
        Assert.Contains("web is unhealthy", gateway.App("app").Reason, StringComparison.Ordinal);
        Assert.Equal(db, gateway.Named("app-db").Id);
    }

    [Fact]
    public void They_restart_again_when_the_update_goes_back()
    {
        var gateway = Running(State(1));
        gateway.Sick.Add("r.example.com/db:2");
        gateway.Converge(State(2));

        Assert.Equal(ApplicationState.RolledBack, gateway.App("app").State);
        Assert.Equal(["app: restart container app-web", "app: restart container app-edge"], Restarts(gateway));
        Assert.All(gateway.Containers, container => Assert.Equal(ContainerState.Running, container.State));
    }

    [Fact]
    public void Power_lost_before_the_restart_or_after_it_changes_nothing()
    {
        for (var after = 1; after < 12; after++)
        {
            var gateway = Running(State(1));
            var left = after;
            gateway.AfterStep = _ =>
            {
                if (--left == 0)
                {
                    throw new TimeoutException();
                }
            };
            try
            {
                gateway.Converge(State(2));
            }
            catch (TimeoutException)
            {
                gateway.Record = RecordJson.Read(RecordJson.Write(gateway.Record), "record").Value;
            }

            gateway.AfterStep = static _ => { };
            gateway.Converge(State(2));
            Assert.Equal(["app: restart container app-web", "app: restart container app-edge"], Restarts(gateway));
        }
    }

    [Fact]
    public void The_engines_own_restart_of_a_service_concerns_only_those_in_its_namespace()
    {
        foreach (var (web, restarts) in new[] { ("depends_on: {db: {condition: service_healthy, restart: true} }", 0), ("network_mode: \"service:db\"", 2) })
        {
            var gateway = Running(State(1, web));
            gateway.Now += TimeSpan.FromHours(1);
            gateway.Change(gateway.Named("app-db").Id, container => container with { Started = gateway.Now, Restarts = 1 });
            gateway.Converge(State(1, web));
            Assert.Equal(restarts, Restarts(gateway).Count);
        }
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_no_circle()
    {
        var gateway = Running(State(1));
        gateway.Now -= TimeSpan.FromDays(20000);
        foreach (var container in gateway.Containers.ToList())
        {
            gateway.Change(container.Id, seen => seen with { Started = gateway.Now });
        }

        gateway.Converge(State(1));
        Assert.Empty(gateway.Log);
    }

    [Fact]
    public void A_clock_set_back_between_two_starts_makes_no_circle_either()
    {
        var gateway = Running(State(1));
        gateway.Now -= TimeSpan.FromDays(1);
        gateway.Change(gateway.Named("app-web").Id, seen => seen with { Started = gateway.Now });
        gateway.Converge(State(1));

        Assert.Empty(Restarts(gateway));
    }
}

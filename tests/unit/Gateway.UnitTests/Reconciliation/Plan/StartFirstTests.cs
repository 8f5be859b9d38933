using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>With start-first the old container goes on until the new one is good.</summary>
public class StartFirstTests
{
    private static DesiredState Web(int version, string more = "") => Given.State($$"""
        app:
          services:
            db: {image: "r.example.com/db:1"}
            web:
              image: "r.example.com/web:{{version}}"
              depends_on: [db]
              deploy: {update_config: {order: start-first} }
        {{more}}
        """);

    private static FakeGateway Running(DesiredState desired)
    {
        var gateway = new FakeGateway();
        gateway.StartFirst.Add("web");
        gateway.Converge(desired);
        gateway.Log.Clear();
        return gateway;
    }

    [Fact]
    public void The_old_one_stops_only_after_the_commit()
    {
        var gateway = Running(Web(1));
        gateway.Converge(Web(2));

        Assert.Equal(
            [
                "app: pull r.example.com/web:2", "app: rename container app-web to app-web.previous", "app: create container app-web from r.example.com/web:2",
                "app: start container app-web", "app: wait for app-web", "app: stop container app-web.previous", "app: remove container app-web.previous",
            ],
            gateway.Log);
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
    }

    [Fact]
    public void Going_back_brings_the_same_container_that_never_stopped()
    {
        var gateway = Running(Web(1));
        var old = gateway.Named("app-web");
        gateway.Sick.Add("r.example.com/web:2");
        gateway.Converge(Web(2));

        Assert.Equal((old.Id, old.Started, ContainerState.Running), (gateway.Named("app-web").Id, gateway.Named("app-web").Started, gateway.Named("app-web").State));
        Assert.Equal(ApplicationState.RolledBack, gateway.App("app").State);
        Assert.Equal(2, gateway.Containers.Count);
    }

    [Theory]
    [InlineData("      ports: [\"8080:80\"]")]
    [InlineData("      network_mode: host")]
    [InlineData("      mac_address: 02:42:ac:11:65:43")]
    [InlineData("      x-create-options: {HostConfig: {PortBindings: {\"53/udp\": [{HostPort: \"53\"}]}}}")]
    public void What_there_can_be_but_one_of_is_replaced_stop_first(string more)
    {
        var desired = Web(2, more);
        var gateway = Running(Web(1, more));
        gateway.StartFirst.Clear();
        gateway.Policy = gateway.Policy with { HostNamespaces = true };
        gateway.Converge(Web(1, more));
        gateway.Converge(desired);

        Assert.Equal("r.example.com/web:2", gateway.Named("app-web").Image);
        Assert.True(gateway.Log.IndexOf("app: stop container app-web.previous") < gateway.Log.LastIndexOf("app: start container app-web"));
    }

    [Fact]
    public void A_port_that_the_engine_chooses_is_no_obstacle()
    {
        var gateway = Running(Web(1, "      ports: [\"80\"]"));
        gateway.Converge(Web(2, "      ports: [\"80\"]"));

        Assert.True(gateway.Log.IndexOf("app: stop container app-web.previous") > gateway.Log.LastIndexOf("app: start container app-web"));
    }
}

using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>Networks and volumes whose settings change.</summary>
public class SharedThingsTests
{
    private static DesiredState State(string network, int web = 1, string volume = "{}") => Given.State($$"""
        app:
          services:
            web: {image: "r.example.com/web:{{web}}", volumes: ["data:/data"]}
            db: {image: "r.example.com/db:1"}
          networks: {default: {{network}} }
          volumes: {data: {{volume}} }
        """);

    private static FakeGateway Running(DesiredState desired)
    {
        var gateway = new FakeGateway();
        gateway.Converge(desired);
        gateway.Log.Clear();
        return gateway;
    }

    [Fact]
    public void A_network_with_other_settings_stands_beside_the_old_one_until_all_are_over_there()
    {
        var gateway = Running(State("{}"));
        gateway.Converge(State("{internal: true}"));

        var network = Assert.Single(gateway.Networks);
        Assert.Matches("^app_default\\.[0-9a-f]{8}$", network.Name);
        Assert.All(gateway.Containers, container => Assert.Equal(network.Name, Assert.Single(container.Networks)));
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
        Assert.True(gateway.Log.IndexOf("app: remove network app_default") > gateway.Log.FindLastIndex(line => line.Contains("remove container", StringComparison.Ordinal)));
        gateway.Log.Clear();
        gateway.Converge(State("{internal: true}"));
        Assert.Empty(gateway.Log);

        gateway.Converge(State("{}"));
        Assert.Equal("app_default", Assert.Single(gateway.Networks).Name);
    }

    [Fact]
    public void Going_back_finds_the_old_network_and_the_old_containers()
    {
        var gateway = Running(State("{}"));
        var (network, ids) = (Assert.Single(gateway.Networks), gateway.Containers.Select(container => container.Id).Order().ToList());
        gateway.Sick.Add("r.example.com/web:2");
        gateway.Converge(State("{internal: true}", web: 2));

        Assert.Equal(ApplicationState.RolledBack, gateway.App("app").State);
        Assert.Equal(network, Assert.Single(gateway.Networks));
        Assert.Equal(ids, gateway.Containers.Select(container => container.Id).Order());
        gateway.Log.Clear();
        gateway.Converge(State("{internal: true}", web: 2));
        Assert.Empty(gateway.Log);
    }

    [Fact]
    public void A_network_the_engine_will_not_make_fails_the_release()
    {
        var gateway = Running(State("{}"));
        gateway.RefusedNetworks = "app_default.";
        gateway.Converge(State("{internal: true}"));

        Assert.Equal(ApplicationState.RolledBack, gateway.App("app").State);
        Assert.Contains("create network app_default.", gateway.App("app").Reason, StringComparison.Ordinal);
        Assert.All(gateway.Containers, container => Assert.Equal(ContainerState.Running, container.State));
    }

    [Fact]
    public void A_volume_with_other_settings_is_never_touched_and_the_way_out_is_named()
    {
        var gateway = Running(State("{}"));
        var volume = Assert.Single(gateway.Volumes);
        gateway.Converge(State("{}", web: 2, volume: "{driver_opts: {type: tmpfs, device: tmpfs} }"));

        Assert.Equal(volume, Assert.Single(gateway.Volumes));
        Assert.Contains("docker volume rm app_data", gateway.App("app").Reason, StringComparison.Ordinal);
        Assert.Equal("r.example.com/web:1", gateway.Named("app-web").Image);
    }

    [Fact]
    public void The_old_network_stays_for_as_long_as_a_container_that_waits_to_be_replaced_is_on_it()
    {
        static DesiredState Radio(string network) => Given.State($$"""
            app:
              services:
                radio: {image: "r.example.com/radio:1", devices: ["/dev/ttyACM*"]}
                web: {image: "r.example.com/web:1"}
              networks: {default: {{network}} }
            """);
        var gateway = new FakeGateway { Policy = new() { RequireDigest = false, Devices = ["/dev/ttyACM*"] } };
        gateway.Devices["/dev/ttyACM*"] = "/dev/ttyACM0";
        gateway.Converge(Radio("{}"));
        gateway.Devices["/dev/ttyACM*"] = null;
        gateway.Converge(Radio("{internal: true}"));
        Assert.Equal(2, gateway.Networks.Count);
        Assert.Equal(ContainerState.Running, gateway.Named("app-radio").State);

        gateway.Devices["/dev/ttyACM*"] = "/dev/ttyACM0";
        gateway.Converge(Radio("{internal: true}"));
        Assert.Single(gateway.Networks);
        Assert.Equal(ApplicationState.Running, gateway.App("app").State);
    }
}

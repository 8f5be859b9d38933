using System.Text;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Updates;
using Gateway.UnitTests.Reconciliation.Plan;

namespace Gateway.UnitTests.Reconciliation.Updates;

/// <summary>What the record keeps is enough to make the last good release again.</summary>
public class LastGoodTests
{
    private static DesiredState State(int web) => Given.State($$"""
        app:
          services:
            db:
              image: "r.example.com/db:1"
              environment: {PASSWORD: hunter2}
              networks: {default: {}, back: {aliases: [store]} }
              healthcheck: {test: ["CMD", "true"], interval: 2s, retries: 4}
            radio: {image: "r.example.com/radio:1", devices: ["/dev/ttyACM*"], restart: "on-failure:4"}
            web:
              image: "r.example.com/web:{{web}}"
              depends_on: {db: {condition: service_healthy, restart: true} }
              volumes: ["data:/data"]
          networks: {back: {internal: true} }
          volumes: {data: {} }
        """);

    private static FakeGateway RolledBack() => RolledBack(out _);

    private static FakeGateway RolledBack(out Dictionary<string, string> bodies)
    {
        var gateway = new FakeGateway { Policy = new() { RequireDigest = false, Devices = ["/dev/ttyACM*"] } };
        gateway.Devices["/dev/ttyACM*"] = "/dev/ttyACM0";
        gateway.Converge(State(1));
        bodies = gateway.Bodies.ToDictionary();
        gateway.Sick.Add("r.example.com/web:2");
        gateway.Converge(State(2));
        Assert.Equal(ApplicationState.RolledBack, gateway.App("app").State);
        gateway.Record = RecordJson.Read(RecordJson.Write(gateway.Record), "record").Value;
        gateway.Log.Clear();
        return gateway;
    }

    [Fact]
    public void All_of_it_can_be_removed_by_hand_and_is_made_again_from_the_record()
    {
        var gateway = RolledBack(out var bodies);
        gateway.Containers.Clear();
        gateway.Networks.Clear();
        gateway.Volumes.Clear();
        gateway.Devices["/dev/ttyACM*"] = "/dev/ttyACM7";
        gateway.Converge(State(2));

        Assert.Equal(["app-db", "app-radio", "app-web"], gateway.Containers.Select(container => container.Name).Order());
        Assert.All(gateway.Containers, container => Assert.Equal(ContainerState.Running, container.State));
        Assert.Equal(bodies["app-db"], gateway.Bodies["app-db"]);
        Assert.Equal(bodies["app-web"], gateway.Bodies["app-web"]);
        Assert.Equal(bodies["app-radio"].Replace("ttyACM0", "ttyACM7", StringComparison.Ordinal), gateway.Bodies["app-radio"]);
        Assert.Equal(["app_back", "app_default"], gateway.Networks.Select(network => network.Name).Order());
        Assert.Equal((ApplicationState.RolledBack, "web is unhealthy"), (gateway.App("app").State, gateway.App("app").Reason));
        Assert.True(gateway.Log.IndexOf("app: wait for app-db, app-radio") < gateway.Log.IndexOf("app: start container app-web"));
    }

    [Fact]
    public void While_an_update_waits_one_that_was_removed_by_hand_is_made_again()
    {
        var gateway = RolledBack();
        gateway.Gate = new UpdateGate("locked", null);
        gateway.Containers.RemoveAll(container => container.Name == "app-web");
        gateway.Converge(State(3));

        Assert.Equal("r.example.com/web:1", gateway.Named("app-web").Image);
        Assert.Equal(ApplicationState.Waiting, gateway.App("app").State);
    }

    [Fact]
    public void A_record_of_an_older_version_is_read_and_completed_as_soon_as_its_release_is_desired()
    {
        var gateway = RolledBack();
        var old = gateway.Record.Applications["app"];
        var text = $$"""
            {"schema":1,"applications":{"app":{"committed":[{{string.Join(',', old.Committed.Select(service => $$"""
            {"service":"{{service.Service}}","config":"{{service.ConfigHash}}","container":"{{service.Container}}","image":"{{service.Image}}","one_shot":false}
            """))}}],"candidate":null,"attempts":0,"run":"r","failed":[],"images":["r.example.com/web:1"]} },"garbage":[]}
            """;
        gateway.Record = RecordJson.Read(Encoding.UTF8.GetBytes(text), "record").Value;
        Assert.All(gateway.Record.Applications["app"].Committed, service => Assert.Null(service.Definition));
        gateway.Converge(State(1));

        Assert.Empty(gateway.Log);
        Assert.All(gateway.Record.Applications["app"].Committed, service => Assert.NotNull(service.Definition));
    }

    [Fact]
    public void Without_a_definition_what_is_gone_is_said_to_be_gone_and_the_rest_goes_on()
    {
        var gateway = RolledBack();
        var app = gateway.Record.Applications["app"];
        gateway.Record = gateway.Record with { Applications = gateway.Record.Applications.SetItem("app", app with { Committed = [.. app.Committed.Select(service => service with { Definition = null })], Networks = [], Volumes = [] }) };
        gateway.Containers.RemoveAll(container => container.Name == "app-web");
        gateway.Change(gateway.Named("app-db").Id, container => container with { State = ContainerState.Exited, ExitCode = 1 });
        gateway.Converge(State(2));

        Assert.Equal("web is unhealthy; of the last good release app-web is gone", gateway.App("app").Reason);
        Assert.Equal(["app: start container app-db"], gateway.Log);
    }

    [Fact]
    public void A_definition_that_is_broken_makes_the_record_unusable_before_anything_is_touched()
    {
        var text = Encoding.UTF8.GetString(RecordJson.Write(RolledBack().Record)).Replace("\"restart_unhealthy\"", "\"restart_unhappy\"", StringComparison.Ordinal);
        Assert.False(RecordJson.Read(Encoding.UTF8.GetBytes(text), "record").IsSuccess);
    }

    [Fact]
    public void An_unknown_schema_is_refused()
    {
        var text = Encoding.UTF8.GetString(RecordJson.Write(ReconciliationRecord.Empty)).Replace("\"schema\":1", "\"schema\":2", StringComparison.Ordinal);
        Assert.Contains("install the version that wrote it", RecordJson.Read(Encoding.UTF8.GetBytes(text), "record").Failure.Message, StringComparison.Ordinal);
    }
}

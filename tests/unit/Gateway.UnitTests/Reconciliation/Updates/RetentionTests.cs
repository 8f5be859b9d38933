using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Plan;
using Gateway.UnitTests.Reconciliation.Plan;

namespace Gateway.UnitTests.Reconciliation.Updates;

/// <summary>Which images stay on the gateway.</summary>
public class RetentionTests
{
    private static DesiredState Web(int version, string more = "") => Given.State($$"""
        app:
          services:
            web: {image: "r.example.com/web:{{version}}"}
        {{more}}
        """);

    private static IEnumerable<string> Versions(FakeGateway gateway) => gateway.Images.Select(image => image[^1..]).Order();

    [Theory]
    [InlineData(1, "5")]
    [InlineData(2, "45")]
    [InlineData(4, "2345")]
    public void Of_each_service_the_last_few_are_kept(int retention, string kept)
    {
        var gateway = new FakeGateway { Retention = retention };
        for (var version = 1; version <= 5; version++)
        {
            gateway.Converge(Web(version));
        }

        Assert.Equal(kept.Select(version => version.ToString()), Versions(gateway));
    }

    [Fact]
    public void A_smaller_count_takes_effect_at_once_and_for_services_that_did_not_change_as_well()
    {
        var gateway = new FakeGateway { Retention = 4 };
        for (var version = 1; version <= 4; version++)
        {
            gateway.Converge(Web(version));
        }

        gateway.Retention = 2;
        gateway.Converge(Web(4));
        Assert.Equal(["3", "4"], Versions(gateway));
    }

    [Fact]
    public void A_service_that_does_not_change_keeps_its_previous_image_when_another_does()
    {
        var gateway = new FakeGateway();
        gateway.Converge(Web(1, "    db: {image: \"r.example.com/db:1\"}"));
        gateway.Converge(Web(2, "    db: {image: \"r.example.com/db:1\"}"));
        gateway.Converge(Web(2, "    db: {image: \"r.example.com/db:2\"}"));

        Assert.Equal(["r.example.com/db:1", "r.example.com/db:2", "r.example.com/web:1", "r.example.com/web:2"], gateway.Images.Order());
    }

    [Fact]
    public void Images_of_candidates_that_failed_or_were_overtaken_go_even_while_updates_wait()
    {
        var gateway = new FakeGateway();
        gateway.Converge(Web(1));
        gateway.Sick.Add("r.example.com/web:2");
        gateway.Converge(Web(2));
        Assert.Equal(["1"], Versions(gateway));

        gateway.Gate = new UpdateGate("locked", null);
        gateway.Converge(Web(3));
        Assert.Equal(["1", "3"], Versions(gateway));
        gateway.Converge(Web(4));
        Assert.Equal(["1", "4"], Versions(gateway));
        gateway.Converge(Web(1));
        Assert.Equal(["1"], Versions(gateway));
    }

    [Fact]
    public void Images_in_use_and_images_of_others_stay()
    {
        var gateway = new FakeGateway { Retention = 1 };
        gateway.Images.Add("r.example.com/tool:1");
        gateway.Converge(Web(1));
        gateway.Containers.Add(new() { Id = "f", Name = "foreign", State = Gateway.Reconciliation.Observed.ContainerState.Exited, Image = "r.example.com/web:1" });
        gateway.Converge(Web(2));

        Assert.Equal(["r.example.com/tool:1", "r.example.com/web:1", "r.example.com/web:2"], gateway.Images.Order());
        gateway.Containers.RemoveAll(container => container.Id == "f");
        gateway.Converge(Web(2));
        Assert.Equal(["r.example.com/tool:1", "r.example.com/web:2"], gateway.Images.Order());
    }
}

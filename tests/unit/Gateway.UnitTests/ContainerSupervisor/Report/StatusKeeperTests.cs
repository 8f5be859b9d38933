using System.Text.Json.Nodes;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.Report;
using Gateway.ContainerSupervisor.When;
using Gateway.Core.Releases;
using Gateway.Reconciliation.Status;
using Gateway.UnitTests.ContainerSupervisor.Receive;
using Serilog.Core;

namespace Gateway.UnitTests.ContainerSupervisor.Report;

/// <summary>What the machine reports of itself goes along in the supervisor's status.</summary>
public sealed class StatusKeeperTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-status-");

    public void Dispose() => folder.Delete(recursive: true);

    private JsonNode Status()
    {
        var configuration = new SupervisorConfiguration { Identity = new GatewayIdentity("gw-1", []), StateDirectory = folder.FullName, RunDirectory = folder.FullName };
        var keeper = new StatusKeeper(configuration, Documents.Gateway(folder.FullName).Sources, new ErrorBook(TimeProvider.System), TimeProvider.System, Logger.None)
        {
            Identity = () => configuration.Identity,
            Seen = () => Snapshot.None,
            EngineVersion = () => null,
            Locks = new UpdateLocks(new LockStore(folder.FullName), TimeProvider.System, Logger.None),
            Reports = new ServiceReports(),
        };
        return JsonNode.Parse(StatusWriter.Write(keeper.Compose()))!;
    }

    [Theory]
    [InlineData("{\"schema\":1,\"temperature_celsius\":-12.5,\"reboots\":{\"count\":3}}")]
    [InlineData("{\"schema\":2,\"new\":true}")]
    public void The_machines_health_goes_along_as_it_is(string health)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "health.json"), health);
        Assert.Equal(health, Status()["host"]?.ToJsonString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{\"schema\":1,")]
    [InlineData("[]")]
    public void Without_a_report_the_status_has_none(string? health)
    {
        if (health is not null)
        {
            File.WriteAllText(Path.Combine(folder.FullName, "health.json"), health);
        }

        Assert.False(Status().AsObject().ContainsKey("host"));
    }
}

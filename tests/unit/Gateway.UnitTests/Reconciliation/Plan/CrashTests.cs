using FsCheck;
using FsCheck.Fluent;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Updates;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>
/// Random releases one after the other, power lost before or after any save and any step, the engine restarted, the
/// gate closed and opened in between: the end is always committed or rolled back, with no duplicate and no orphan.
/// </summary>
public class CrashTests
{
    private sealed class PowerLost : Exception;

    [Fact]
    public void Whatever_is_desired_and_wherever_power_is_lost_the_gateway_converges() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), static seed => Play(new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(RandomStates.Count(60)));

    /// <summary>Cases that were found at random once.</summary>
    [Theory]
    [InlineData(1842671786)]
    public void What_went_wrong_once_stays_right(int seed) => Play(new Random(seed));

    /// <summary>Not at random: one update, with power lost at every single moment of it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_update_survives_a_loss_of_power_at_every_moment(bool sick)
    {
        static DesiredState Release(int version) => Given.State($$"""
            app:
              services:
                db: {image: "r.example.com/db:{{version}}"}
                s3: {image: "r.example.com/s3:{{version}}", depends_on: [db], deploy: {update_config: {order: start-first} } }
                web: {image: "r.example.com/web:1", depends_on: {db: {condition: service_healthy, restart: true} } }
              networks: {default: {internal: {{(version == 2 ? "true" : "false")}} } }
            """);
        for (var moment = 1; ; moment++)
        {
            var gateway = new FakeGateway();
            gateway.StartFirst.Add("s3");
            gateway.Converge(Release(1));
            var before = gateway.Containers.Select(container => (container.Id, container.Name)).Order().ToList();
            if (sick)
            {
                gateway.Sick.Add("r.example.com/s3:2");
            }

            if (!Crash(gateway, Release(2), moment))
            {
                Assert.True(moment > 20);
                return;
            }

            gateway.Converge(Release(2));
            Assert.True(gateway.Plan(Release(2)).IsEmpty);
            Assert.Equal(3, gateway.Containers.Count);
            Assert.Equal(sick ? ApplicationState.RolledBack : ApplicationState.Running, gateway.App("app").State);
            Assert.All(gateway.Containers, container => Assert.Equal(ContainerState.Running, container.State));
            Assert.Single(gateway.Networks);
            if (sick)
            {
                Assert.Equal(before, gateway.Containers.Select(container => (container.Id, container.Name)).Order());
            }
        }
    }

    private static void Play(Random chance)
    {
        var gateway = RandomStates.Gateway(chance);
        for (var release = 0; release < 5; release++)
        {
            var desired = RandomStates.Desired(chance);
            for (var crash = chance.Next(4); crash > 0; crash--)
            {
                gateway.Gate = chance.Next(3) == 0 ? new UpdateGate("locked", null) : UpdateGate.Open;
                Crash(gateway, desired, chance.Next(1, 30));
                if (chance.Next(3) == 0)
                {
                    gateway.RestartEngine();
                }
            }

            gateway.Gate = UpdateGate.Open;
            if (chance.Next(3) == 0)
            {
                RandomStates.Tamper(gateway, chance);
            }

            gateway.Converge(desired);
            Check(gateway, desired);
        }
    }

    /// <summary>False when it was finished before.</summary>
    private static bool Crash(FakeGateway gateway, DesiredState desired, int moments)
    {
        gateway.OnMoment = () =>
        {
            if (--moments == 0)
            {
                throw new PowerLost();
            }
        };
        try
        {
            gateway.Converge(desired);
            return false;
        }
        catch (PowerLost)
        {
            gateway.Record = RecordJson.Read(RecordJson.Write(gateway.Record), "record").Value;
            return true;
        }
        finally
        {
            gateway.OnMoment = static () => { };
        }
    }

    private static void Check(FakeGateway gateway, DesiredState desired)
    {
        var log = string.Join('\n', gateway.Log.TakeLast(60)
            .Concat(gateway.Containers.Select(container => $"{container.Id} {container.Name} {container.State} {container.Health} {container.Started:T}"))
            .Concat(gateway.Last.Applications.SelectMany(plan => plan.Services.Select(service => $"{plan.Name} {plan.State} {service.Name}: {service.Error}"))));
        Assert.Equal(ContainerState.Running, gateway.Named("foreign").State);
        Assert.True(gateway.Plan(desired).IsEmpty, log);
        Assert.False(gateway.Last.IsChanging, log);
        Assert.False(gateway.Containers.Any(container => container.Name.EndsWith(".previous", StringComparison.Ordinal)), log);
        foreach (var application in desired.Applications)
        {
            var plan = gateway.App(application.Name);
            var mine = gateway.Containers.Where(container => container.Labels.GetValueOrDefault("io.gateway.application") == application.Name).ToList();
            if (plan.State == ApplicationState.Running)
            {
                Assert.Equal(application.Services.Select(s => (s.ContainerName, s.Image.Pull)), mine.Select(c => (c.Name, c.Image)).Order());
            }
            else
            {
                Assert.True(plan.State is ApplicationState.RolledBack or ApplicationState.Failed, $"{plan.State}: {plan.Reason}\n{log}");
                var committed = gateway.Record.Applications[application.Name].Committed;
                Assert.Equal(committed.Select(c => (c.Container, c.Image)).Order(), mine.Select(c => (c.Name, c.Image)).Order());
            }

            Assert.All(mine, container => Assert.True(container.State == ContainerState.Running, $"{container.Name} {container.State} {plan.State} {plan.Reason}\n{log}"));
            Assert.InRange(gateway.Networks.Count(network => network.Labels["io.gateway.application"] == application.Name), mine.Count == 0 ? 0 : 1, 1);
        }

        Assert.All(
            gateway.Containers.Where(container => container.Id != "foreign"),
            container => Assert.NotNull(desired[container.Labels["io.gateway.application"]]));
    }
}

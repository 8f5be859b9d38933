using FsCheck;
using FsCheck.Fluent;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Updates;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>
/// What holds whatever is desired and whatever is there: it converges; a second look finds nothing to do; foreign
/// containers are never touched; never two containers of a service run but for one more with start-first; nothing good is
/// removed before the commit. The last three are watched by <see cref="FakeGateway"/> at every step.
/// </summary>
public class PlannerProperties
{
    [Fact]
    public void Any_desired_state_and_any_engine_come_together() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), static seed => Play(new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(RandomStates.Count(60)));

    /// <summary>Cases that were found at random once.</summary>
    [Theory]
    [InlineData(1985962729)]
    [InlineData(5756726)]
    [InlineData(366832585)]
    public void What_went_wrong_once_stays_right(int seed) => Play(new Random(seed));

    private static void Play(Random chance)
    {
        var gateway = RandomStates.Gateway(chance);
        gateway.Converge(RandomStates.Desired(chance));
        for (var nasty = chance.Next(5); nasty > 0; nasty--)
        {
            RandomStates.Tamper(gateway, chance);
        }

        Leftovers(gateway, chance);
        Forget(gateway, chance);
        var foreign = gateway.Containers.Where(container => !container.Labels.ContainsKey("io.gateway.application")).ToList();
        var desired = RandomStates.Desired(chance);
        gateway.Converge(desired);

        var log = string.Join('\n', gateway.Log.TakeLast(60));
        var again = gateway.Plan(desired);
        Assert.True(again.IsEmpty, log);
        Assert.Same(gateway.Record, again.Record);
        Assert.Equal(foreign, gateway.Containers.Where(container => !container.Labels.ContainsKey("io.gateway.application")));
        Assert.All(again.Applications, plan => Assert.True(plan.State is ApplicationState.Running or ApplicationState.Failed or ApplicationState.RolledBack, $"{plan.State} {plan.Reason}\n{log}"));
        foreach (var plan in again.Applications.Where(plan => plan.State == ApplicationState.Running))
        {
            var mine = gateway.Containers.Where(container => container.Labels.GetValueOrDefault("io.gateway.application") == plan.Name).Select(container => (container.Name, container.Image, container.State));
            Assert.Equal(desired[plan.Name]!.Services.Select(service => (service.ContainerName, service.Image.Pull, ContainerState.Running)).Order(), mine.Order());
        }
    }

    /// <summary>Containers with our names that are not ours, and containers of ours that nobody remembers.</summary>
    private static void Leftovers(FakeGateway gateway, Random chance)
    {
        for (var i = chance.Next(3); i > 0; i--)
        {
            var name = $"a{chance.Next(2)}-s{chance.Next(4)}{(chance.Next(2) == 0 ? ".previous" : "")}";
            if (gateway.Containers.Any(container => container.Name == name))
            {
                continue;
            }

            var ours = new Dictionary<string, string>
            {
                ["io.gateway.application"] = name[..2],
                ["io.gateway.service"] = name[3..5],
                ["io.gateway.config"] = new string('0', 64),
            };
            gateway.Containers.Add(new ObservedContainer
            {
                Id = $"leftover-{i}",
                Name = name,
                State = ContainerState.Exited,
                Image = "r.example.com/leftover:1",
                Labels = chance.Next(2) == 0 ? System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty : System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(ours),
            });
        }
    }

    /// <summary>The record is lost, whole or in part, or is of an older version.</summary>
    private static void Forget(FakeGateway gateway, Random chance)
    {
        var applications = gateway.Record.Applications;
        gateway.Record = chance.Next(6) switch
        {
            0 => ReconciliationRecord.Empty,
            1 when !applications.IsEmpty => gateway.Record with { Applications = applications.Remove(applications.Keys.First()) },
            2 => gateway.Record with
            {
                Applications = applications.SetItems(applications.Select(pair => KeyValuePair.Create(
                    pair.Key, pair.Value with { Committed = [.. pair.Value.Committed.Select(service => service with { Definition = null })], Networks = [] }))),
            },
            _ => gateway.Record,
        };
    }
}

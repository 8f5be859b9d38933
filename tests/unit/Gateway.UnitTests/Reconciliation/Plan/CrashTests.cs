using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Updates;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>Random releases one after the other, with power lost after random steps: always committed or rolled back.</summary>
public class CrashTests
{
    private sealed class PowerLost : Exception;

    [Fact]
    public void Whatever_is_desired_and_wherever_power_is_lost_the_gateway_converges()
    {
        for (var seed = 0; seed < 120; seed++)
        {
            Play(new Random(seed));
        }
    }

    private static void Play(Random chance)
    {
        var gateway = new FakeGateway();
        gateway.Containers.Add(new ObservedContainer { Id = "foreign", Name = "foreign", State = ContainerState.Running });
        foreach (var service in Enumerable.Range(0, 4).Where(_ => chance.Next(3) == 0))
        {
            gateway.Sick.Add($"r.example.com/s{service}:{chance.Next(1, 4)}");
            gateway.Unstartable.Add($"r.example.com/s{service}:{chance.Next(1, 6)}");
        }

        for (var release = 0; release < 6; release++)
        {
            var desired = Random(chance);
            for (var crash = chance.Next(3); crash > 0; crash--)
            {
                Crash(gateway, desired, chance.Next(1, 12));
            }

            Tamper(gateway, chance);
            gateway.Converge(desired);
            Check(gateway, desired);
        }
    }

    private static void Crash(FakeGateway gateway, DesiredState desired, int after)
    {
        gateway.AfterStep = _ =>
        {
            if (--after == 0)
            {
                throw new PowerLost();
            }
        };
        try
        {
            gateway.Converge(desired);
        }
        catch (PowerLost)
        {
            gateway.Record = RecordJson.Read(RecordJson.Write(gateway.Record), "record").Value;
        }

        gateway.AfterStep = static _ => { };
    }

    /// <summary>Somebody stops or removes one of our containers by hand.</summary>
    private static void Tamper(FakeGateway gateway, Random chance)
    {
        var ours = gateway.Containers.Where(container => container.Id != "foreign").ToList();
        if (ours.Count > 0 && chance.Next(3) == 0)
        {
            gateway.Change(ours[chance.Next(ours.Count)].Id, container => container with { State = ContainerState.Exited, ExitCode = 137, Health = ContainerHealth.None });
        }
    }

    private static void Check(FakeGateway gateway, DesiredState desired)
    {
        var log = string.Join('\n', gateway.Log.TakeLast(60));
        Assert.Equal(ContainerState.Running, gateway.Named("foreign").State);
        Assert.DoesNotContain(gateway.Log, line => line.Contains("foreign", StringComparison.Ordinal));
        Assert.True(gateway.Plan(desired).IsEmpty, log);
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
        }

        Assert.All(
            gateway.Containers.Where(container => container.Id != "foreign"),
            container => Assert.NotNull(desired[container.Labels["io.gateway.application"]]));
    }

    private static DesiredState Random(Random chance)
    {
        var applications = Enumerable.Range(0, 2).Where(_ => chance.Next(5) > 0).Select(number => $"a{number}: {{services: {{{Services(chance)}}}}}").ToList();
        return Given.State(applications.Count == 0 ? "{}" : string.Join('\n', applications));
    }

    private static string Services(Random chance)
    {
        var numbers = Enumerable.Range(0, 4).Where(number => number == 0 || chance.Next(3) > 0).ToList();
        return string.Join(", ", numbers.Select(number =>
        {
            var needs = numbers.Where(other => other < number && chance.Next(2) == 0)
                .Select(other => $"s{other}: {{condition: {(chance.Next(2) == 0 ? "service_healthy" : "service_started")}}}");
            return $"s{number}: {{image: \"r.example.com/s{number}:{chance.Next(1, 4)}\", depends_on: {{{string.Join(", ", needs)}}}}}";
        }));
    }
}

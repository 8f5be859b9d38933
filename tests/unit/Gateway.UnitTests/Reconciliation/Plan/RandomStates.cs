using System.Globalization;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>Random desired states, and random things that people and engines do to a gateway.</summary>
internal static class RandomStates
{
    /// <summary>How many cases a property is tried on; <c>COUNT</c> in the environment asks for more.</summary>
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : usual;

    public static FakeGateway Gateway(Random chance)
    {
        var gateway = new FakeGateway();
        gateway.StartFirst.Add("s3");
        gateway.Containers.Add(new ObservedContainer { Id = "foreign", Name = "foreign", State = ContainerState.Running });
        foreach (var service in Enumerable.Range(0, 4).Where(_ => chance.Next(3) == 0))
        {
            gateway.Sick.Add($"r.example.com/s{service}:{chance.Next(1, 4)}");
            gateway.Unstartable.Add($"r.example.com/s{service}:{chance.Next(1, 6)}");
        }

        return gateway;
    }

    public static DesiredState Desired(Random chance)
    {
        var applications = Enumerable.Range(0, 2).Where(_ => chance.Next(5) > 0).Select(number => $$"""
            a{{number}}:
              services: {{{Services(chance)}}}
              networks: {default: {internal: {{(chance.Next(4) == 0 ? "true" : "false")}} } }
            """).ToList();
        return Given.State(applications.Count == 0 ? "{}" : string.Join('\n', applications));
    }

    /// <summary>Somebody stops, pauses, renames, removes, reconfigures or cuts off one of our containers, or takes a network or volume away.</summary>
    public static void Tamper(FakeGateway gateway, Random chance)
    {
        var ours = gateway.Containers.Where(container => container.Labels.ContainsKey("io.gateway.application")).ToList();
        if (ours.Count == 0)
        {
            return;
        }

        var victim = ours[chance.Next(ours.Count)];
        switch (chance.Next(8))
        {
            case 0:
                gateway.Change(victim.Id, container => container with { State = ContainerState.Exited, ExitCode = 137, Health = ContainerHealth.None });
                break;
            case 1 when victim.State == ContainerState.Running:
                gateway.Change(victim.Id, container => container with { State = ContainerState.Paused });
                break;
            case 2:
                gateway.Change(victim.Id, container => container with { Name = $"nosy-{gateway.Log.Count}" });
                break;
            case 3:
                gateway.Containers.RemoveAll(container => container.Id == victim.Id);
                break;
            case 4:
                gateway.Change(victim.Id, container => container with { Networks = ["bridge"] });
                break;
            case 5:
                gateway.Change(victim.Id, container => container with { Settings = new ObservedSettings("no", 0, 0, 0, 0, "", 0) });
                break;
            case 6:
                gateway.RestartEngine();
                break;
            default:
                // Of one application: names swapped between two are a clash that both report.
                var others = ours.Where(container => container.Labels["io.gateway.application"] == victim.Labels["io.gateway.application"]).ToList();
                var other = others[chance.Next(others.Count)];
                gateway.Change(victim.Id, container => container with { Name = "swapping" });
                gateway.Change(other.Id, container => container with { Name = victim.Name });
                gateway.Change(victim.Id, container => container with { Name = victim.Id == other.Id ? victim.Name : other.Name });
                break;
        }
    }

    private static string Services(Random chance)
    {
        var numbers = Enumerable.Range(0, 4).Where(number => number == 0 || chance.Next(3) > 0).ToList();
        return string.Join(", ", numbers.Select(number =>
        {
            var needs = numbers.Where(other => other < number && chance.Next(2) == 0)
                .Select(other => $"s{other}: {{condition: {(chance.Next(2) == 0 ? "service_healthy" : "service_started")}, restart: {(chance.Next(3) == 0 ? "true" : "false")}}}");
            var order = number == 3 ? ", deploy: {update_config: {order: start-first}}" : "";
            return $"s{number}: {{image: \"r.example.com/s{number}:{chance.Next(1, 4)}\", depends_on: {{{string.Join(", ", needs)}}}{order}}}";
        }));
    }
}

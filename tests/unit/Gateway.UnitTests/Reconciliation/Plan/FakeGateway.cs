using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Updates;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>An engine in memory that executes plans as the supervisor does, and may lose power after any step.</summary>
internal sealed class FakeGateway
{
    private int nextId;

    public List<ObservedContainer> Containers { get; } = [];

    public List<ObservedNetwork> Networks { get; } = [];

    public List<ObservedVolume> Volumes { get; } = [];

    public HashSet<string> Images { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string?> Devices { get; } = new(StringComparer.Ordinal);

    public ReconciliationRecord Record { get; set; } = ReconciliationRecord.Empty;

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Run { get; set; } = "run-1";

    public int Retention { get; set; } = 2;

    /// <summary>The body each container was last made with, by name.</summary>
    public Dictionary<string, string> Bodies { get; } = new(StringComparer.Ordinal);

    /// <summary>What the names of networks begin with that the engine refuses to make; null: none.</summary>
    public string? RefusedNetworks { get; set; }

    public UpdateGate Gate { get; set; } = UpdateGate.Open;

    public LocalPolicy Policy { get; set; } = new() { RequireDigest = false };

    /// <summary>Images whose containers turn unhealthy.</summary>
    public HashSet<string> Sick { get; } = new(StringComparer.Ordinal);

    /// <summary>Services of which two containers may run for a while.</summary>
    public HashSet<string> StartFirst { get; } = new(StringComparer.Ordinal);

    /// <summary>Images whose containers the engine refuses to start.</summary>
    public HashSet<string> Unstartable { get; } = new(StringComparer.Ordinal);

    public List<string> Log { get; } = [];

    /// <summary>Called after each step; throws to lose power.</summary>
    public Action<Step> AfterStep { get; set; } = static _ => { };

    /// <summary>Called before and after each save and each step; throws to lose power, or does something nasty to the engine.</summary>
    public Action OnMoment { get; set; } = static () => { };

    public ReconciliationPlan Last { get; private set; } = null!;

    public ObservedContainer Named(string name) => Containers.Single(container => container.Name == name);

    public ApplicationPlan App(string name) => Last.Applications.Single(plan => plan.Name == name);

    public ReconciliationPlan Plan(DesiredState desired, ImmutableArray<StepFailure> failures = default) => Planner.Plan(Input(desired, failures));

    public PlanInput Input(DesiredState desired, ImmutableArray<StepFailure> failures = default) =>
        new(desired, new ObservedState([.. Containers], [.. Networks], [.. Volumes], [.. Images.Select(image => new ObservedImage("id-" + image, [], [image]))], Devices.ToImmutableDictionary()), Record, Policy, Now)
        {
            Run = Run,
            Gate = Gate,
            ImageRetention = Retention,
            Failures = failures.IsDefault ? [] : failures,
        };

    /// <summary>Plans and executes until nothing is left to do.</summary>
    public void Converge(DesiredState desired)
    {
        var failures = ImmutableArray<StepFailure>.Empty;
        var pauses = 0;
        for (var round = 0; round < 100; round++)
        {
            Last = Plan(desired, failures);
            OnMoment();
            Record = Last.Record;
            OnMoment();
            if (Last.IsEmpty)
            {
                // A pause before something is tried again: it passes, but not for ever.
                if (Last.Applications.Where(plan => plan.Until is null && plan.LookAt > Now).Select(plan => plan.LookAt).Min() is not { } next || ++pauses > 4)
                {
                    return;
                }

                Now = next;
            }

            failures = [.. Last.Applications.Select(Execute).OfType<StepFailure>()];
            foreach (var step in Last.CleanUp.OfType<RemoveImage>())
            {
                Images.Remove(step.Reference);
            }
        }

        Assert.Fail("does not converge:\n" + string.Join('\n', Log.TakeLast(40)));
    }

    private StepFailure? Execute(ApplicationPlan plan)
    {
        foreach (var step in plan.Steps)
        {
            Log.Add($"{plan.Name}: {step.Describe()}");
            Now += TimeSpan.FromMilliseconds(100);
            OnMoment();
            Watch(step);
            if (!Do(step))
            {
                return new StepFailure(plan.Name, step, new Failure(Phase.Apply, plan.Name, "driver failed programming external connectivity"));
            }

            AfterStep(step);
            OnMoment();
        }

        return null;
    }

    /// <summary>What must never happen, whatever the plan is for.</summary>
    private void Watch(Step step)
    {
        var id = step switch
        {
            StartContainer start => start.Id,
            StopContainer stop => stop.Id,
            RestartContainer restart => restart.Id,
            UnpauseContainer unpause => unpause.Id,
            RenameContainer rename => rename.Id,
            RemoveContainer remove => remove.Id,
            _ => null,
        };
        if (Containers.FirstOrDefault(container => container.Id == id) is not { } container)
        {
            return;
        }

        Assert.True(container.Labels.ContainsKey("io.gateway.application"), $"touches a foreign container: {step.Describe()}");
        if (step is RemoveContainer && IsOnlyGood(container))
        {
            Assert.Fail($"removes the last good container before the commit: {step.Describe()}\n{string.Join('\n', Log.TakeLast(30))}");
        }
    }

    private bool IsOnlyGood(ObservedContainer container)
    {
        var application = container.Labels["io.gateway.application"];
        return Record.Applications.TryGetValue(application, out var record)
            && record.Begun != ApplicationRecord.Removal
            && record.Committed.Any(good => good.Service == container.Labels["io.gateway.service"] && good.ConfigHash == container.Labels["io.gateway.config"])
            && Containers.Count(other => SameService(other, container) && other.Labels["io.gateway.config"] == container.Labels["io.gateway.config"]) == 1;
    }

    /// <summary>What ran runs again, in no order; what was stopped stays so.</summary>
    public void RestartEngine()
    {
        foreach (var container in Containers.Where(container => container.State is ContainerState.Running or ContainerState.Paused).ToList())
        {
            Change(container.Id, running => running with { State = ContainerState.Running, Started = Now, Health = ContainerHealth.Starting });
        }
    }

    private bool Do(Step step)
    {
        switch (step)
        {
            case PullImage pull:
                Images.Add(pull.Image.Pull);
                break;
            case CreateNetwork network when RefusedNetworks is not null && network.Name.StartsWith(RefusedNetworks, StringComparison.Ordinal):
                return false;
            case CreateNetwork network:
                Assert.DoesNotContain(Networks, other => other.Name == network.Name);
                Networks.Add(new ObservedNetwork("n" + nextId++, network.Name, Labels(network.Body)));
                break;
            case CreateVolume volume:
                Volumes.Add(new ObservedVolume(volume.Name, "local", ImmutableSortedDictionary<string, string>.Empty, Labels(volume.Body)));
                break;
            case CreateContainer create:
                Assert.DoesNotContain(Containers, container => container.Name == create.Name);
                Assert.Contains(create.Spec.Service.Image.Pull, Images);
                Assert.All(create.Spec.Networks, name => Assert.Contains(Networks, network => network.Name == name));
                Bodies[create.Name] = create.Spec.Body.ToJsonString();
                Containers.Add(new ObservedContainer
                {
                    Id = "c" + nextId++,
                    Name = create.Name,
                    Labels = Labels(create.Spec.Body),
                    State = ContainerState.Created,
                    Image = create.Spec.Service.Image.Pull,
                    Networks = create.Spec.Networks,
                    Joined = [.. new[] { "NetworkMode", "PidMode", "IpcMode" }
                        .Select(key => (string?)create.Spec.Body["HostConfig"]?[key])
                        .Where(mode => mode?.StartsWith("container:", StringComparison.Ordinal) == true)
                        .Select(mode => Named(mode!["container:".Length..]).Id)],
                    Created = Now,
                });
                break;
            case StartContainer start:
                return Start(start);
            case StopContainer stop:
                Change(stop.Id, container => container with { State = ContainerState.Exited, ExitCode = 137, Health = ContainerHealth.None });
                break;
            case RestartContainer restart when !HasItsNamespaces(Containers.Single(container => container.Id == restart.Id)):
                return false;
            case RestartContainer restart:
                Change(restart.Id, container => container with { State = ContainerState.Running, Health = ContainerHealth.Starting, Started = Now });
                break;
            case UnpauseContainer unpause:
                Change(unpause.Id, container => container with { State = ContainerState.Running });
                break;
            case RenameContainer rename:
                Assert.False(
                    Containers.Any(container => container.Name == rename.NewName),
                    $"the name {rename.NewName} is taken; {string.Join(", ", Containers.Select(container => $"{container.Id} {container.Name}"))}\n{string.Join('\n', Log.TakeLast(20))}");
                Change(rename.Id, container => container with { Name = rename.NewName });
                break;
            case RemoveContainer remove:
                Assert.DoesNotContain(Containers, container => container.Id == remove.Id && container.State == ContainerState.Running);
                Containers.RemoveAll(container => container.Id == remove.Id);
                break;
            case WaitForContainers wait:
                Now = wait.Until;
                foreach (var name in wait.Names)
                {
                    Settle(Named(name));
                }

                break;
            case RemoveNetwork remove:
                Assert.DoesNotContain(Containers, container => container.Networks.Contains(remove.Name));
                Networks.RemoveAll(network => network.Id == remove.Id);
                break;
        }

        return true;
    }

    /// <summary>The engine looks for the very container it was made with.</summary>
    private bool HasItsNamespaces(ObservedContainer container) =>
        container.Joined.All(id => Containers.Any(other => other.Id == id && other.State == ContainerState.Running));

    private bool Start(StartContainer start)
    {
        var container = start.Id is null ? Named(start.Name) : Containers.Single(c => c.Id == start.Id);
        if (Unstartable.Contains(container.Image) || !HasItsNamespaces(container))
        {
            return false;
        }

        Change(container.Id, c => c with { State = ContainerState.Running, Health = ContainerHealth.Starting, Started = Now, ExitCode = null });
        var most = StartFirst.Contains(container.Labels["io.gateway.service"]) ? 1 : 0;
        var rivals = Containers.Where(c => c.State == ContainerState.Running && c.Id != container.Id && SameService(c, container));
        Assert.True(rivals.Count() <= most, $"two containers of {start.Name} run:\n{string.Join('\n', Log.TakeLast(20))}");
        return true;
    }

    private void Settle(ObservedContainer container) => Change(container.Id, c => c.Labels.ContainsKey("oneshot")
        ? c with { State = ContainerState.Exited, ExitCode = 0, Health = ContainerHealth.None }
        : c with { Health = Sick.Contains(c.Image) ? ContainerHealth.Unhealthy : ContainerHealth.Healthy });

    private static bool SameService(ObservedContainer one, ObservedContainer other) =>
        one.Labels.GetValueOrDefault("io.gateway.application") is { } application
        && application == other.Labels.GetValueOrDefault("io.gateway.application")
        && one.Labels.GetValueOrDefault("io.gateway.service") == other.Labels.GetValueOrDefault("io.gateway.service");

    public void Change(string id, Func<ObservedContainer, ObservedContainer> change)
    {
        var index = Containers.FindIndex(container => container.Id == id);
        Assert.True(index >= 0, $"there is no container {id}");
        Containers[index] = change(Containers[index]);
    }

    private static ImmutableSortedDictionary<string, string> Labels(JsonObject body) =>
        ((JsonObject)body["Labels"]!).ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>());
}

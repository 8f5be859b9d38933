using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.UnitTests.Reconciliation.Plan;

/// <summary>When an image is pulled, and what counts as being there.</summary>
public class ImagePolicyTests
{
    private const string Tag = "r.example.com/web:1";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ObservedImage There = new("sha256:new", [Tag], []);

    private static ApplicationPlan Plan(PullPolicy policy, string reference, ImmutableArray<ObservedImage> images, DateTimeOffset? pulled = null, ObservedContainer? running = null)
    {
        var state = Given.Parse($$$"""
            release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}
            applications:
              app: {services: {web: {image: "{{{reference}}}"} } }
            """).Value;
        var application = state.Applications[0];
        application = application with { Services = [application.Services[0] with { PullPolicy = policy }] };
        state = state with { Applications = [application] };
        var spec = ContainerSpecBuilder.Build(application, application.Services[0], Given.NoDevices);
        var record = ReconciliationRecord.Empty;
        ImmutableArray<ObservedContainer> containers = [];
        if (running is not null)
        {
            var labels = ImmutableSortedDictionary<string, string>.Empty
                .Add(GatewayLabels.Application, "app").Add(GatewayLabels.Service, "web").Add(GatewayLabels.Config, spec.ConfigHash);
            containers = [running with { Labels = labels }];
            record = record with { Applications = record.Applications.Add("app", ApplicationRecord.Empty with { Committed = [new CommittedService("web", spec.ConfigHash, "app-web", Tag, false)], Images = [Tag] }) };
        }

        var network = SharedSpecs.Network(application, application.Networks[0]);
        var networkLabels = network["Labels"]!.AsObject().ToImmutableSortedDictionary(pair => pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal);
        var observed = ObservedState.Empty with { Images = images, Containers = containers, Networks = [new ObservedNetwork("n", application.Networks[0].Name, networkLabels)] };
        var pulls = pulled is { } at ? ImmutableDictionary<string, DateTimeOffset>.Empty.Add(application.Services[0].Image.Pull, at) : ImmutableDictionary<string, DateTimeOffset>.Empty;
        return Planner.Plan(new PlanInput(state, observed, record, new LocalPolicy { RequireDigest = false }, Now) { Pulls = pulls }).Applications.Single();
    }

    private static bool Pulls(ApplicationPlan plan) => plan.Steps.OfType<PullImage>().Any();

    private static bool Creates(ApplicationPlan plan) => plan.Steps.OfType<CreateContainer>().Any();

    [Fact]
    public void An_image_loaded_from_an_archive_is_there_by_its_id()
    {
        var reference = $"r.example.com/web:1@{Given.Digest}";

        Assert.True(Pulls(Plan(PullPolicy.Missing, reference, [new ObservedImage("sha256:other", [Tag], [])])));
        Assert.True(Creates(Plan(PullPolicy.Missing, reference, [new ObservedImage(Given.Digest, [], [])])));
    }

    [Fact]
    public void A_bare_image_id_is_never_asked_of_a_registry()
    {
        var plan = Plan(PullPolicy.Always, Given.Digest, []);

        Assert.False(Pulls(plan));
        Assert.Contains("is not there and is never pulled; load it", plan.Reason, StringComparison.Ordinal);
        Assert.True(Creates(Plan(PullPolicy.Missing, Given.Digest, [new ObservedImage(Given.Digest, [], [])])));
    }

    [Fact]
    public void Never_means_that_it_waits_for_the_image_and_says_so()
    {
        var plan = Plan(PullPolicy.Never, Tag, []);

        Assert.Equal(ApplicationState.Waiting, plan.State);
        Assert.Contains("is not there and is never pulled", plan.Reason, StringComparison.Ordinal);
        Assert.Empty(plan.Steps);
        Assert.True(Creates(Plan(PullPolicy.Never, Tag, [There])));
    }

    [Theory]
    [InlineData(PullPolicy.Missing, false)]
    [InlineData(PullPolicy.OnCreate, true)]
    [InlineData(PullPolicy.Always, true)]
    public void A_tag_is_pulled_anew_before_a_container_is_made_where_the_policy_says_so(PullPolicy policy, bool pulls)
    {
        Assert.Equal(pulls, Pulls(Plan(policy, Tag, [There])));
        Assert.Equal(pulls, Pulls(Plan(policy, Tag, [There], pulled: Now.AddHours(-1))));
        Assert.True(Creates(Plan(policy, Tag, [There], pulled: Now.AddMinutes(-1))));
        Assert.True(Creates(Plan(policy, $"r.example.com/web:1@{Given.Digest}", [new ObservedImage("x", [], [$"r.example.com/web@{Given.Digest}"])])));
    }

    [Theory]
    [InlineData(PullPolicy.OnCreate, false)]
    [InlineData(PullPolicy.Always, true)]
    public void Always_looks_once_in_each_run_and_replaces_a_container_whose_tag_has_moved(PullPolicy policy, bool follows)
    {
        var container = new ObservedContainer { Id = "1", Name = "app-web", State = ContainerState.Running, Image = Tag, ImageId = "sha256:new", Networks = ["app_default"], Started = Now.AddDays(-1) };

        Assert.Equal(follows, Pulls(Plan(policy, Tag, [There], running: container)));
        Assert.Empty(Plan(policy, Tag, [There], pulled: Now.AddDays(-1), running: container).Steps);
        Assert.Equal(follows, Creates(Plan(policy, Tag, [There], pulled: Now, running: container with { ImageId = "sha256:old" })));
    }
}

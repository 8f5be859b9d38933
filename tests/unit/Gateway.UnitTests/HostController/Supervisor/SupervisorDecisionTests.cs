using Gateway.HostController.Supervisor;

namespace Gateway.UnitTests.HostController.Supervisor;

/// <summary>The update of the supervisor, cut off after any of its single actions, ends with the new one or with the same old one.</summary>
public sealed class SupervisorDecisionTests
{
    private const string Wanted = "new";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void However_often_the_power_is_cut_it_ends_with_the_new_one_or_the_same_old_one(bool newIsHealthy)
    {
        for (var first = 0; first < 20; first++)
        {
            for (var second = 0; second < 20; second++)
            {
                var world = new World(newIsHealthy) { Current = new("old-1", "old", true) };
                world.RunUntilCut(first);
                world.RunUntilCut(second);
                world.RunUntilCut(int.MaxValue);
                Assert.Null(world.Previous);
                Assert.Null(world.Candidate);
                Assert.True(world.Current is { Running: true });
                Assert.Equal(newIsHealthy ? Wanted : "old", world.Current!.Hash);
                Assert.True(newIsHealthy || world.Current.Id == "old-1");
            }
        }
    }

    [Fact]
    public void The_right_one_is_left_alone_and_restarted_when_it_is_not_well()
    {
        static SupervisorStep Next(bool running, string health) =>
            SupervisorDecision.Next(new(new ObservedContainer("1", Wanted, "i", running, health), null, null), Wanted);

        Assert.Equal(SupervisorStep.Done, Next(true, "healthy"));
        Assert.Equal(SupervisorStep.Done, Next(true, "starting"));
        Assert.Equal(SupervisorStep.Restart, Next(true, "unhealthy"));
        Assert.Equal(SupervisorStep.Restart, Next(false, "none"));
    }

    private sealed record Box(string Id, string Hash, bool Running);

    private sealed class CutException : Exception;

    /// <summary>The engine, and the updater's single actions in its order.</summary>
    private sealed class World(bool newIsHealthy)
    {
        private int left;
        private int made;

        public Box? Current { get; set; }

        public Box? Previous { get; private set; }

        public Box? Candidate { get; private set; }

        public void RunUntilCut(int actions)
        {
            left = actions;
            try
            {
                for (var step = 0; step < 8; step++)
                {
                    var next = SupervisorDecision.Next(new(Seen(Current), Seen(Previous), Seen(Candidate)), Wanted);
                    if (next == SupervisorStep.Done || !Perform(next))
                    {
                        return;
                    }
                }

                Assert.Fail("does not settle");
            }
            catch (CutException)
            {
                // What was done is done; the next run looks at it.
                return;
            }
        }

        private static ObservedContainer? Seen(Box? box) => box is null ? null : new(box.Id, box.Hash, box.Hash, box.Running, "none");

        private bool Perform(SupervisorStep step)
        {
            switch (step)
            {
                case SupervisorStep.RemoveCandidate:
                    Do(() => Candidate = null);
                    return true;
                case SupervisorStep.RestorePrevious:
                    Restore();
                    return true;
                case SupervisorStep.Restart:
                    Do(() => Current = Current! with { Running = true });
                    return true;
                case SupervisorStep.Replace:
                    Do(() => Candidate = new($"new-{++made}", Wanted, false));
                    Do(() => Current = Current! with { Running = false });
                    Do(() => (Previous, Current) = (Current, null));
                    Do(() => (Current, Candidate) = (Candidate, null));
                    return true;
                case SupervisorStep.Probation:
                    return Probation();
                default:
                    throw new InvalidOperationException($"{step}");
            }
        }

        private bool Probation()
        {
            Do(() => Current = Current! with { Running = true });
            if (newIsHealthy || Current!.Hash == "old")
            {
                Do(() => Previous = null);
                return true;
            }

            Do(() => Current = null);
            Restore();
            return false;
        }

        private void Restore()
        {
            Do(() => (Current, Previous) = (Previous, null));
            Do(() => Current = Current! with { Running = true });
        }

        private void Do(Action action)
        {
            if (left-- <= 0)
            {
                throw new CutException();
            }

            action();
        }
    }
}

using Gateway.HostController.Supervisor;

namespace Gateway.UnitTests.HostController.Supervisor;

public sealed class ProbationJudgeTests
{
    private static ProbationJudge See(params (int Seconds, string State, int Restarts, int Streak)[] looks)
    {
        var judge = new ProbationJudge(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10));
        foreach (var (seconds, state, restarts, streak) in looks)
        {
            Assert.False(judge.Passed || judge.Problem is not null, "settled too early");
            judge.See(new ProbationLook(TimeSpan.FromSeconds(seconds), state != "exited", state == "exited" ? "none" : state, restarts, streak));
        }

        return judge;
    }

    [Fact]
    public void Healthy_and_staying_so_passes() =>
        Assert.True(See((1, "starting", 0, 0), (3, "healthy", 0, 0), (12, "healthy", 0, 0), (13, "healthy", 0, 0)).Passed);

    [Theory]
    [InlineData("never healthy", "did not become healthy")]
    [InlineData("unhealthy", "is unhealthy")]
    [InlineData("sick later", "did not stay so")]
    [InlineData("ends later", "ended within its probation")]
    [InlineData("restarted later", "ended within its probation")]
    [InlineData("loops", "again and again")]
    [InlineData("hangs now and then", "now and then")]
    [InlineData("without check, restarted", "did not become healthy")]
    public void Anything_else_is_told(string story, string problem) => Assert.Contains(problem, (story switch
    {
        "never healthy" => See((1, "starting", 0, 0), (20, "starting", 0, 0), (21, "starting", 0, 0)),
        "unhealthy" => See((1, "starting", 0, 0), (5, "unhealthy", 0, 3)),
        "sick later" => See((1, "healthy", 0, 0), (10, "unhealthy", 0, 3)),
        "ends later" => See((1, "healthy", 0, 0), (10, "exited", 0, 0)),
        "restarted later" => See((1, "healthy", 0, 0), (10, "healthy", 1, 0)),
        "loops" => See((1, "exited", 1, 0), (2, "exited", 2, 0), (3, "exited", 3, 0)),
        "hangs now and then" => See((1, "healthy", 0, 0), (12, "healthy", 0, 1), (42, "healthy", 0, 2)),
        _ => See((1, "none", 1, 0), (21, "none", 1, 0)),
    }).Problem, StringComparison.Ordinal);

    [Fact]
    public void A_failing_check_puts_the_end_of_the_probation_off() =>
        Assert.True(See((1, "healthy", 0, 0), (12, "healthy", 0, 1), (14, "healthy", 0, 0)).Passed);

    [Fact]
    public void Without_a_health_check_it_must_run_for_the_whole_time() =>
        Assert.True(See((0, "none", 0, 0), (9, "none", 0, 0), (10, "none", 0, 0)).Passed);
}

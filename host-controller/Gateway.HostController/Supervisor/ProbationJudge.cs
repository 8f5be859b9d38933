namespace Gateway.HostController.Supervisor;

/// <summary>What was seen of a supervisor on probation.</summary>
/// <param name="Elapsed">Since it was started.</param>
/// <param name="Running">Whether it runs, and not just between two restarts.</param>
/// <param name="Health"><c>healthy</c>, <c>unhealthy</c>, <c>starting</c>, or <c>none</c> without a health check.</param>
/// <param name="Restarts">How often the engine restarted it.</param>
/// <param name="FailingStreak">Health checks in a row that failed at last.</param>
internal sealed record ProbationLook(TimeSpan Elapsed, bool Running, string Health, int Restarts, int FailingStreak);

/// <summary>Judges a probation look by look; pure but for what it remembers.</summary>
/// <param name="healthTimeout">Within this it must be healthy.</param>
/// <param name="probation">For this long it must stay so.</param>
internal sealed class ProbationJudge(TimeSpan healthTimeout, TimeSpan probation)
{
    /// <summary>Without a health check only time can tell.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private const int MostRestarts = 3;
    private TimeSpan? goodSince;
    private int goodRestarts;

    /// <summary>Whether it passed; settled once true or <see cref="Problem"/> is set.</summary>
    public bool Passed { get; private set; }

    /// <summary>Why it did not pass.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes in one look.</summary>
    public void See(ProbationLook look)
    {
        var isGood = look.Running && (look.Health == "healthy" || (look.Health == "none" && look.Restarts == 0));
        if (goodSince is { } since)
        {
            Stays(look, since, isGood);
        }
        else if (isGood)
        {
            (goodSince, goodRestarts) = (look.Elapsed, look.Restarts);
            Stays(look, look.Elapsed, isGood);
        }
        else
        {
            Problem = look.Health == "unhealthy" ? "is unhealthy"
                : look.Restarts >= MostRestarts ? $"ends again and again: {look.Restarts} restarts"
                : look.Elapsed > healthTimeout ? "did not become healthy"
                : null;
        }
    }

    private void Stays(ProbationLook look, TimeSpan since, bool isGood)
    {
        var needed = look.Health == "none" && probation < Settling ? Settling : probation;
        var time = look.Elapsed - since;
        if (look.Restarts > goodRestarts || !look.Running)
        {
            Problem = "was well, and ended within its probation";
        }
        else if (!isGood)
        {
            Problem = "was healthy, and did not stay so within its probation";
        }
        else if (look.FailingStreak == 0)
        {
            Passed = time >= needed;
        }
        else if (time > needed * 2 + healthTimeout)
        {
            Problem = "fails its health check now and then";
        }
    }
}

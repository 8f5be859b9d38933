namespace Gateway.HostController.Supervisor;

/// <summary>The containers that an update of the supervisor is about; null for those that are not there.</summary>
/// <param name="Current">Under the supervisor's name.</param>
/// <param name="Previous">Put aside while a new one is on probation.</param>
/// <param name="Candidate">Made, and not yet in its place.</param>
internal sealed record SupervisorObserved(ObservedContainer? Current, ObservedContainer? Previous, ObservedContainer? Candidate);

/// <summary>One of them.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hash">Of what defines it.</param>
/// <param name="Image">The reference it was made from.</param>
/// <param name="Running">Whether it runs.</param>
/// <param name="Health"><c>healthy</c>, <c>unhealthy</c>, <c>starting</c>, or <c>none</c> without a health check.</param>
internal sealed record ObservedContainer(string Id, string Hash, string Image, bool Running, string Health);

/// <summary>The next step of bringing the supervisor to what is wanted.</summary>
internal enum SupervisorStep
{
    /// <summary>All is as wanted.</summary>
    Done,

    /// <summary>A candidate was left by a cut: away with it.</summary>
    RemoveCandidate,

    /// <summary>Only the one before is left: put it back.</summary>
    RestorePrevious,

    /// <summary>The new one is in its place and not yet committed: watch it, then commit or roll back.</summary>
    Probation,

    /// <summary>There is none: make one.</summary>
    Install,

    /// <summary>It is the right one and does not run, or is not well: start it anew.</summary>
    Restart,

    /// <summary>It is another one: put a new one in its place.</summary>
    Replace,
}

/// <summary>Decides the next step from what is there; pure, so that after a power cut at any moment the next look tells how to go on.</summary>
internal static class SupervisorDecision
{
    public static SupervisorStep Next(SupervisorObserved observed, string wantedHash) => observed switch
    {
        { Candidate: not null } => SupervisorStep.RemoveCandidate,
        { Current: null, Previous: not null } => SupervisorStep.RestorePrevious,
        { Current: not null, Previous: not null } => SupervisorStep.Probation,
        { Current: null } => SupervisorStep.Install,
        { Current: var current } when current.Hash != wantedHash => SupervisorStep.Replace,
        { Current: { Running: true, Health: not "unhealthy" } } => SupervisorStep.Done,
        _ => SupervisorStep.Restart,
    };
}

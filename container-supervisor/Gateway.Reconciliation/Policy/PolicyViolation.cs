namespace Gateway.Reconciliation.Policy;

/// <summary>Something an application asks for and the local policy does not allow.</summary>
/// <param name="Subject"><c>application/service</c>, with the place in the document.</param>
/// <param name="Rule">The key of <c>supervisor.yaml</c> that refused it: <c>policy.bind_mounts</c>, <c>allowed_registries</c>, <c>require_digest</c> …</param>
/// <param name="Message">What was asked for and what to do.</param>
public sealed record PolicyViolation(string Subject, string Rule, string Message)
{
    public override string ToString() => $"{Subject}: {Message} ({Rule})";
}

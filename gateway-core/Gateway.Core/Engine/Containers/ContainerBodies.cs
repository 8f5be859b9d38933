namespace Gateway.Core.Engine;

/// <summary>Answer of <c>POST /containers/{id}/wait</c>.</summary>
internal sealed record WaitAnswer
{
    public long StatusCode { get; init; }

    public WaitError? Error { get; init; }
}

/// <summary>Why waiting went wrong.</summary>
internal sealed record WaitError
{
    public string Message { get => field ?? ""; init; }
}

/// <summary>Body of <c>POST /containers/{id}/update</c>.</summary>
internal sealed record RestartPolicyUpdate(RestartPolicySpec RestartPolicy);

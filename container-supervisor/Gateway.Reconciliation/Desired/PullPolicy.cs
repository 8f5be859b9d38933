namespace Gateway.Reconciliation.Desired;

/// <summary>When an image is pulled.</summary>
public enum PullPolicy
{
    /// <summary>When it is not there.</summary>
    Missing,

    /// <summary>Whenever a container is created, in case a tag has moved.</summary>
    OnCreate,

    /// <summary>As <see cref="OnCreate"/>, and at each start of the supervisor.</summary>
    Always,

    /// <summary>Never: it is loaded from a medium.</summary>
    Never,
}

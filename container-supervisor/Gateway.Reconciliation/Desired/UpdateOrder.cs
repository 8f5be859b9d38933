namespace Gateway.Reconciliation.Desired;

/// <summary>How a service's old container gives way to the new one (compose-spec/deploy.md, <c>update_config.order</c>).</summary>
public enum UpdateOrder
{
    /// <summary>Never two at a time: the old one stops before the new one starts.</summary>
    StopFirst,

    /// <summary>The old one goes on until the new one is good; both run for a while.</summary>
    StartFirst,
}

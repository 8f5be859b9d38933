namespace Gateway.HostController.Configuration;

/// <summary>When the playbook that is already in force is applied again.</summary>
/// <param name="After">
/// Time since it was last applied: zero for <c>always</c> (each cycle), <see cref="TimeSpan.MaxValue"/> for
/// <c>changed</c> (only another playbook is applied).
/// </param>
internal readonly record struct Reapply(TimeSpan After)
{
    /// <summary>On each cycle: repairs drift and retries what failed. The default.</summary>
    public static Reapply Always { get; } = new(TimeSpan.Zero);

    /// <summary>Never; only a new release is applied.</summary>
    public static Reapply Changed { get; } = new(TimeSpan.MaxValue);

    /// <summary>As the configuration writes it.</summary>
    public override string ToString() =>
        After == TimeSpan.Zero ? "always" : After == TimeSpan.MaxValue ? "changed" : $"{After.TotalSeconds:0}s";
}

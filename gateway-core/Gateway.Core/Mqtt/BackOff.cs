namespace Gateway.Core.Mqtt;

/// <summary>Pauses that double from <paramref name="first"/> to <paramref name="longest"/>, each varied by a quarter so that a fleet does not knock in step.</summary>
public sealed class BackOff(TimeSpan first, TimeSpan longest)
{
    private int attempts;

    /// <summary>Failures since the last <see cref="Reset"/>.</summary>
    public int Attempts => attempts;

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        var plain = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(attempts++, 30)));
#pragma warning disable CA5394 // Spreading load, not a secret.
        return TimeSpan.FromSeconds(plain * (0.75 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }

    /// <summary>It worked: begin at the first pause again.</summary>
    public void Reset() => attempts = 0;
}

using System.Collections.Immutable;

namespace Gateway.HostController.Reboots;

/// <summary>Which run of which playbook.</summary>
/// <param name="Stream">The playbook's stream.</param>
/// <param name="Sha256">Its exact bytes.</param>
/// <param name="Arguments">The command line of an <c>apply</c>, which is given again after the boot; empty for a cycle.</param>
internal sealed record RunKey(string Stream, string Sha256, ImmutableArray<string> Arguments)
{
    public bool Equals(RunKey? other) => other is not null && Stream == other.Stream && Sha256 == other.Sha256 && Arguments.SequenceEqual(other.Arguments);

    public override int GetHashCode() => HashCode.Combine(Stream, Sha256, Arguments.Length);
}

/// <summary>How far a reboot is.</summary>
internal enum RebootPhase
{
    /// <summary>It was asked for; whether it came is seen by the boot id.</summary>
    Rebooting,

    /// <summary>It came, and the run goes on.</summary>
    Resuming,
}

/// <summary>A run that stopped for a reboot.</summary>
/// <param name="Run">Which.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="BootId">The boot in which this phase began.</param>
/// <param name="Attempts">How often this phase was begun.</param>
/// <param name="AskedAt">When the reboot was asked for, by the system clock.</param>
/// <param name="Pause">How long to wait after the boot.</param>
/// <param name="Timeout">How long going down may take.</param>
/// <param name="Journal">What the run did before.</param>
internal sealed record PendingReboot(RunKey Run, RebootPhase Phase, string BootId, int Attempts, DateTimeOffset AskedAt, TimeSpan Pause, TimeSpan Timeout, byte[] Journal);

/// <summary>Reboots that one playbook asked for since a run of it ended without one.</summary>
internal sealed record RebootCount(string Sha256, int Count);

/// <summary>What is kept about reboots that playbooks ask for.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Pending">The run that stopped; null for none.</param>
/// <param name="Asked">How often the playbook that asked last did so; null for never.</param>
internal sealed record RebootRecord(int Schema, PendingReboot? Pending, RebootCount? Asked)
{
    public const int KnownSchema = 1;

    public static RebootRecord Empty { get; } = new(KnownSchema, null, null);
}

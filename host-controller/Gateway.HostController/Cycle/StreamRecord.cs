namespace Gateway.HostController.Cycle;

/// <summary>What happened last on a stream.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Applied">What was last applied to its end; null for nothing yet.</param>
/// <param name="Refused">The newcomer refused on the last cycle; null when there was none.</param>
internal sealed record StreamRecord(int Schema, string Stream, AppliedRecord? Applied, RefusedRecord? Refused)
{
    public const int KnownSchema = 1;

    public static StreamRecord Empty(string stream) => new(KnownSchema, stream, null, null);
}

/// <summary>A playbook applied to its end.</summary>
/// <param name="Sha256">Which.</param>
/// <param name="At">When it ended.</param>
/// <param name="Status">How: 0, or 2 when a task failed.</param>
internal sealed record AppliedRecord(string Sha256, DateTimeOffset At, int Status);

/// <summary>A playbook that was not let in.</summary>
/// <param name="At">When it was first refused for this reason.</param>
/// <param name="Status">The exit status that tells why: 3 or 4.</param>
/// <param name="Reason">One line.</param>
internal sealed record RefusedRecord(DateTimeOffset At, int Status, string Reason);

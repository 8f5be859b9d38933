namespace Gateway.HostController.Reports;

/// <summary>What the daemon tells about itself, in the runtime folder.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Started">When it started.</param>
/// <param name="NextRun">When its next cycle is due; null while one runs.</param>
internal sealed record DaemonState(int Pid, DateTimeOffset Started, DateTimeOffset? NextRun);

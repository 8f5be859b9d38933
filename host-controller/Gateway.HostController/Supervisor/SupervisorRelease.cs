namespace Gateway.HostController.Supervisor;

/// <summary>A supervisor that was, is or shall be in place.</summary>
/// <param name="Image">The reference it was asked for by.</param>
/// <param name="ImageId">The engine's id of that image, <c>sha256:…</c>; empty until it is here.</param>
/// <param name="Hash">Of all that defines its container: two with the same hash are the same release.</param>
internal sealed record SupervisorRelease(string Image, string ImageId, string Hash);

/// <summary>A release that was tried and did not stay.</summary>
/// <param name="Image">Its reference.</param>
/// <param name="Hash">Which it was.</param>
/// <param name="At">When it failed last.</param>
/// <param name="Reason">One line.</param>
/// <param name="Final">
/// True: it is not tried again until another release has been committed. False: it never came into place, for a reason
/// that may go away by itself (no network, engine away, disk full), so each cycle tries it again.
/// </param>
internal sealed record FailedRelease(string Image, string Hash, DateTimeOffset At, string Reason, bool Final);

/// <summary>How the last update ended.</summary>
/// <param name="At">When.</param>
/// <param name="Committed">Whether the new one stayed.</param>
/// <param name="Text">One line.</param>
internal sealed record UpdateOutcome(DateTimeOffset At, bool Committed, string Text);

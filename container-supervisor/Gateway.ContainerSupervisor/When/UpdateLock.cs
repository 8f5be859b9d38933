namespace Gateway.ContainerSupervisor.When;

/// <summary>Somebody does not want anything to be changed for now.</summary>
/// <param name="Owner"><c>&lt;application&gt;/&lt;service&gt;</c> for a container; what a person at the machine calls it otherwise.</param>
/// <param name="Until">When it ends by itself, by the clock as it stands now.</param>
/// <param name="Reason">For people; null when none was given.</param>
internal sealed record UpdateLock(string Owner, DateTimeOffset Until, string? Reason);

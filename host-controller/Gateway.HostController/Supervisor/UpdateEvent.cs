namespace Gateway.HostController.Supervisor;

/// <summary>What drives an update on.</summary>
internal abstract record UpdateEvent
{
    private UpdateEvent()
    {
    }

    /// <summary>Another release is wanted.</summary>
    /// <param name="Candidate">Which.</param>
    /// <param name="From">
    /// Where to begin: <see cref="UpdatePhase.Fetch"/>; <see cref="UpdatePhase.Archive"/> when its image is here;
    /// <see cref="UpdatePhase.Start"/> when its container is in place already.
    /// </param>
    /// <param name="HealthTimeout">Within this it must be healthy.</param>
    /// <param name="Probation">For this long it must stay so.</param>
    public sealed record Begin(SupervisorRelease Candidate, UpdatePhase From, TimeSpan HealthTimeout, TimeSpan Probation) : UpdateEvent
    {
        /// <summary>The release that is in place, where the record does not know it.</summary>
        public SupervisorRelease? Adopted { get; init; }

        /// <summary>Why the current release is left for an older one; null for an update forward.</summary>
        public string? Condemned { get; init; }

        /// <summary>The container in place, with <see cref="UpdatePhase.Start"/>.</summary>
        public string? InPlace { get; init; }

        /// <summary>The boot this happens in.</summary>
        public string BootId { get; init; } = "";
    }

    /// <summary>The action was done.</summary>
    /// <param name="Made">Id of the image fetched, or of the container made or brought back; null elsewhere.</param>
    /// <param name="Old">With <see cref="UpdatePhase.Create"/>: id of the container to be replaced; null for none.</param>
    public sealed record Worked(string? Made = null, string? Old = null) : UpdateEvent;

    /// <summary>The action could not be done.</summary>
    /// <param name="Reason">One line.</param>
    /// <param name="Passing">Whether that may go away by itself: no network, engine away, disk full.</param>
    public sealed record Broke(string Reason, bool Passing) : UpdateEvent;

    /// <summary>We have been away in the middle of an action: killed, or the power was cut.</summary>
    /// <param name="BootId">The boot this is.</param>
    public sealed record Resumed(string BootId) : UpdateEvent;
}

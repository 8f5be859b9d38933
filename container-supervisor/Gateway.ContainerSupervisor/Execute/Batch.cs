using Gateway.Core.Mqtt;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>The steps of one application under way, and what came of those before.</summary>
internal sealed class Batch
{
    /// <summary>Until what it came to has been taken in.</summary>
    public Task<BatchOutcome>? Work { get; set; }

    public bool IsRunning => Work is { IsCompleted: false };

    /// <summary>After a failure that may pass by itself: not before this.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>The batch ended in waiting: look again then, if nothing happens before.</summary>
    public DateTimeOffset? LookAt { get; set; }

    public BackOff Pauses { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));
}

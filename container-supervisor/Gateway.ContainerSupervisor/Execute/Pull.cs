using Gateway.Core.Mqtt;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>What is known of the pull of one image. Lock it for anything but <see cref="Meter"/>.</summary>
internal sealed class Pull
{
    public bool Running { get; set; }

    /// <summary>What the last attempt came to, until it was told.</summary>
    public Result<Nothing>? Outcome { get; set; }

    /// <summary>No further attempt before this, by the kernel's clock.</summary>
    public long NotBefore { get; set; }

    /// <summary>When the last attempt ended, well or not; null: none has.</summary>
    public DateTimeOffset? Ended { get; set; }

    /// <summary>Of the attempt under way.</summary>
    public PullMeter Meter { get; set; } = new();

    /// <summary>How far it was when that was last told, in tenths, and when.</summary>
    public (int Tenths, long At) Told { get; set; }

    public BackOff Pauses { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));
}

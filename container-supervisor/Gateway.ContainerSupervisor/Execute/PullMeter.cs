using Gateway.Core.Engine;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>Adds up what the engine tells of a pull, layer by layer. Safe for use from many threads.</summary>
internal sealed class PullMeter
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Done, long Total)> layers = new(StringComparer.Ordinal);

    /// <summary>Bytes downloaded, and bytes of the layers whose size is known by now.</summary>
    public (long Done, long Total) Amount
    {
        get
        {
            lock (gate)
            {
                return (layers.Values.Sum(static layer => layer.Done), layers.Values.Sum(static layer => layer.Total));
            }
        }
    }

    /// <summary>Takes in one line of the engine's.</summary>
    public void Take(PullProgress step)
    {
        if (step.Layer.Length == 0)
        {
            return;
        }

        lock (gate)
        {
            var before = layers.GetValueOrDefault(step.Layer);
            layers[step.Layer] = step.Status switch
            {
                "Downloading" => (step.Current, Math.Max(step.Total, step.Current)),
                "Verifying Checksum" or "Download complete" or "Extracting" or "Pull complete" => (before.Total, before.Total),
                _ => before,
            };
        }
    }

    /// <summary><c>12 of 40 MiB</c>, or null while nothing is known.</summary>
    public override string? ToString() => Amount is (var done, > 0 and var total) ? $"{Bytes.Mib(done)} of {Bytes.Mib(total)} MiB" : null;
}

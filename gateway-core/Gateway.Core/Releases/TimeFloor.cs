using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.Core.Releases;

/// <summary>
/// A time that is certainly past, on the disk: the newest that is known for certain (a signature accepted, the build),
/// and what was measured since. No clock is asked, so a wrong one never raises it, and none that is set back lets in
/// what had expired. What passes while the machine is off is not counted.
/// </summary>
/// <param name="stateDirectory">Where it is kept.</param>
/// <param name="clock">Measures.</param>
/// <param name="bootId">The kernel's name of this boot: only within one can be measured.</param>
public sealed class TimeFloor(string stateDirectory, TimeProvider clock, string bootId)
{
    private const int LargestFile = 4096;

    /// <summary>Flash wears out: what is gained in less is written with the next.</summary>
    private static readonly TimeSpan WorthSaving = TimeSpan.FromHours(1);
    private readonly string path = Path.Combine(stateDirectory, "time-floor.json");

    /// <summary>For this boot.</summary>
    public TimeFloor(string stateDirectory, TimeProvider clock)
        : this(stateDirectory, clock, State.BootId.Current)
    {
    }

    /// <summary>The floor now. Writes nothing.</summary>
    /// <param name="known">The newest time known for certain.</param>
    public DateTimeOffset At(DateTimeOffset known) => Later(known, Read() is { } record ? Measured(record) : known);

    /// <summary>The floor now, which is kept.</summary>
    /// <param name="known">The newest time known for certain.</param>
    public Result<DateTimeOffset> Raise(DateTimeOffset known)
    {
        var record = Read();
        var floor = At(known);
        if (record?.BootId == bootId && floor - record.Time < WorthSaving)
        {
            return floor;
        }

        var content = JsonSerializer.SerializeToUtf8Bytes(new TimeFloorRecord(TimeFloorRecord.KnownSchema, floor, bootId, Uptime), TimeFloorJson.Default.TimeFloorRecord);
        return AtomicFile.Write(path, content, AtomicFile.OwnerOnly).Then<DateTimeOffset>(_ => floor);
    }

    /// <summary>Since the machine came up, in seconds; runs whatever is done to the clock.</summary>
    private double Uptime => clock.GetElapsedTime(0).TotalSeconds;

    private DateTimeOffset Measured(TimeFloorRecord record) =>
        record.BootId == bootId && bootId.Length > 0 && Uptime > record.UptimeSeconds ? record.Time.AddSeconds(Uptime - record.UptimeSeconds) : record.Time;

    /// <summary>One that is damaged is as good as none: the marks and the build are left.</summary>
    private TimeFloorRecord? Read()
    {
        try
        {
            return AtomicFile.ReadIfThere(path, LargestFile) is { IsSuccess: true, Value: { } content }
                && JsonSerializer.Deserialize(content, TimeFloorJson.Default.TimeFloorRecord) is { Schema: TimeFloorRecord.KnownSchema } record ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>The floor on disk.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Time">The floor when it was written.</param>
/// <param name="BootId">In which boot.</param>
/// <param name="UptimeSeconds">How long after that boot.</param>
internal sealed record TimeFloorRecord(int Schema, DateTimeOffset Time, string BootId, double UptimeSeconds)
{
    public const int KnownSchema = 1;
}

/// <summary>Reads and writes <see cref="TimeFloorRecord"/> without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TimeFloorRecord))]
internal sealed partial class TimeFloorJson : JsonSerializerContext;

using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Gateway.HostController.Supervisor;

/// <summary>All that is remembered about the supervisor and its update; one file, saved before each action.</summary>
internal sealed record SupervisorRecord
{
    public const int KnownSchema = 1;
    private const int MostFailed = 20;

    /// <summary>Nothing is known yet.</summary>
    public static SupervisorRecord Empty { get; } = new() { Schema = KnownSchema };

    /// <summary>Version of this shape.</summary>
    public required int Schema { get; init; }

    /// <summary>The committed release; null before the first.</summary>
    public SupervisorRelease? Current { get; init; }

    /// <summary>The release committed before; its image is kept.</summary>
    public SupervisorRelease? Previous { get; init; }

    /// <summary>The release under way, or the last one where it may be tried again.</summary>
    public SupervisorRelease? Candidate { get; init; }

    /// <summary>Releases that did not stay, oldest first; at most 20.</summary>
    public ImmutableArray<FailedRelease> Failed { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>What is under way.</summary>
    public UpdatePhase Phase { get; init; }

    /// <summary>What was done of this update so far, in order; for people.</summary>
    public ImmutableArray<UpdatePhase> Steps { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>How often this candidate's update was interrupted after its image was here.</summary>
    public int Attempts { get; init; }

    /// <summary>The kernel's id of the boot in which the last attempt began.</summary>
    public string BootId { get => field ?? ""; init; } = "";

    /// <summary>Id of the container to go back to; null when there was none.</summary>
    public string? OldContainer { get; init; }

    /// <summary>Id of the candidate's container.</summary>
    public string? NewContainer { get; init; }

    /// <summary>Why the update goes back; null while it goes forward.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether <see cref="Problem"/> may go away by itself.</summary>
    public bool Passing { get; init; }

    /// <summary>Why the current release is left for an older one, which condemns it; null for an update forward.</summary>
    public string? Condemned { get; init; }

    /// <summary>Id of an image to be removed by <see cref="UpdatePhase.CleanUp"/>.</summary>
    public string? Obsolete { get; init; }

    /// <summary>Seconds within which the candidate must be healthy.</summary>
    public int HealthSeconds { get; init; }

    /// <summary>Seconds for which it must stay healthy.</summary>
    public int ProbationSeconds { get; init; }

    /// <summary>How the last update ended; null before the first.</summary>
    public UpdateOutcome? Last { get; init; }

    /// <summary>Whether the containers are being exchanged: nobody else may act on them.</summary>
    [JsonIgnore]
    public bool IsUnderWay => Phase is not (UpdatePhase.Idle or UpdatePhase.Fetch);

    /// <summary>What is remembered against this release; null for nothing.</summary>
    public FailedRelease? FailureOf(string hash) => Failed.FirstOrDefault(failed => failed.Hash == hash);

    /// <summary>The same, and one more failed release.</summary>
    public SupervisorRecord Remember(FailedRelease failed) =>
        this with { Failed = [.. Failed.Where(other => other.Hash != failed.Hash).TakeLast(MostFailed - 1), failed] };
}

/// <summary>Reads and writes the record without reflection; a member that is missing or unknown is no error, so that another version's record can be read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SupervisorRecord))]
internal sealed partial class SupervisorJson : JsonSerializerContext;

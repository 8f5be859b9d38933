using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Core.State;

namespace Gateway.HostController.Failsafe;

/// <summary>Something the failsafe did.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Concern">What about.</param>
/// <param name="Symptom">Why.</param>
/// <param name="Remedy">What.</param>
/// <param name="Worked">Whether it could be done; whether it helped is for the next look.</param>
/// <param name="Text">One line more; empty for nothing.</param>
internal sealed record FailsafeDeed(DateTimeOffset At, Concern Concern, string Symptom, Remedy Remedy, bool Worked, string Text);

/// <summary>What the failsafe remembers over restarts.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Attempts">How often each concern was treated in its present episode; absent for well ones.</param>
/// <param name="Deeds">The last things done, oldest first.</param>
internal sealed record FailsafeMemory(int Schema, ImmutableSortedDictionary<string, int> Attempts, ImmutableArray<FailsafeDeed> Deeds)
{
    public const int KnownSchema = 1;
    private const int MostDeeds = 30;
    private const int LargestFile = 256 * 1024;

    public static FailsafeMemory Empty { get; } = new(KnownSchema, ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal), []);

    /// <summary>How often a concern was treated.</summary>
    public int Of(Concern concern) => Attempts.GetValueOrDefault($"{concern}");

    /// <summary>One deed more.</summary>
    public FailsafeMemory With(FailsafeDeed deed) => this with
    {
        Attempts = Attempts.SetItem($"{deed.Concern}", Math.Min(Of(deed.Concern) + 1, 10_000)),
        Deeds = [.. Deeds.Where(earlier => !IsOverAgain(earlier, deed)).TakeLast(MostDeeds - 1), deed],
    };

    /// <summary>What fails for ever is told once, or it would push all else out.</summary>
    private static bool IsOverAgain(FailsafeDeed earlier, FailsafeDeed deed) =>
        !deed.Worked && !earlier.Worked && (earlier.Concern, earlier.Symptom, earlier.Remedy) == (deed.Concern, deed.Symptom, deed.Remedy);

    /// <summary>A concern's episode is over.</summary>
    public FailsafeMemory Without(Concern concern) => this with { Attempts = Attempts.Remove($"{concern}") };

    /// <summary>From its file; nothing is remembered where that cannot be read: at worst a ladder is climbed once more.</summary>
    public static FailsafeMemory Load(string file)
    {
        if (AtomicFile.ReadIfThere(file, LargestFile) is not { IsSuccess: true, Value: { } content })
        {
            return Empty;
        }

        try
        {
            return JsonSerializer.Deserialize(content, FailsafeJson.Default.FailsafeMemory) is { Schema: KnownSchema } memory ? memory : Empty;
        }
        catch (JsonException)
        {
            // Torn, or of another version: as good as none.
            return Empty;
        }
    }

    /// <summary>To its file. A disk that is full or read-only must not keep the failsafe from working: it goes on with what it knows.</summary>
    public bool Save(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return AtomicFile.WriteIfChanged(file, JsonSerializer.SerializeToUtf8Bytes(this, FailsafeJson.Default.FailsafeMemory), AtomicFile.OwnerOnly).IsSuccess;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>Reads and writes <see cref="FailsafeMemory"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(FailsafeMemory))]
internal sealed partial class FailsafeJson : JsonSerializerContext;

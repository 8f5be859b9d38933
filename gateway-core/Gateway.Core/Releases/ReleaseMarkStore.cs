using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.Core.Releases;

/// <summary>
/// Keeps the marks in two copies, <c>release-marks.json</c> and <c>release-marks.copy.json</c>, so that one that a power
/// cut or a worn-out flash has torn costs nothing. What another process has saved meanwhile is not overwritten.
/// </summary>
public sealed class ReleaseMarkStore(string stateDirectory)
{
    private const int LargestFile = 1024 * 1024;

    private readonly ImmutableArray<string> copies =
        [Path.Combine(stateDirectory, "release-marks.json"), Path.Combine(stateDirectory, "release-marks.copy.json")];

    /// <summary>The newest revision that this store has read or written; null before the first.</summary>
    private long? known;

    /// <summary>The newest readable copy; nothing and a loud warning when none can be read; nothing at all on a new device.</summary>
    public LoadedMarks Load()
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        var newest = Newest(warnings);
        known = newest?.Revision ?? 0;
        if (newest is null && warnings.Count > 0)
        {
            warnings.Add($"RELEASE MARKS LOST: no copy in {stateDirectory} can be read; going on without, so releases older than the last one would be accepted once more");
        }

        return new LoadedMarks(newest is null ? ReleaseMarks.None : ToMarks(newest), warnings.ToImmutable());
    }

    /// <summary>Saves both copies, unless both say the same already. The folder is made (0700) if it is not there.</summary>
    public Result<Nothing> Save(ReleaseMarks marks)
    {
        var there = copies.Select(Read).Select(copy => copy.IsSuccess ? copy.Value : null).ToImmutableArray();
        if (there.All(file => file is not null && ToMarks(file).Equals(marks)))
        {
            return default(Nothing);
        }

        var revision = there.Max(file => file?.Revision ?? 0) + 1;
        if (revision - 1 > known)
        {
            return new Failure(Phase.Apply, copies[0], "was changed by another process since it was read; nothing is saved or done, try again", Retryable: true);
        }

        var file = new MarksFile(MarksFile.KnownSchema, revision, marks.NewestSigned, new(marks.Streams, StringComparer.Ordinal));
        var content = JsonSerializer.SerializeToUtf8Bytes(file, MarksJson.Default.MarksFile);
        if (MakeFolder() is { } failure)
        {
            return failure;
        }

        var saved = AtomicFile.Write(copies[0], content, AtomicFile.OwnerOnly).Then(_ => AtomicFile.Write(copies[1], content, AtomicFile.OwnerOnly));
        known = revision;
        return saved;
    }

    private MarksFile? Newest(ImmutableArray<string>.Builder warnings)
    {
        MarksFile? newest = null;
        foreach (var copy in copies)
        {
            if (!Read(copy).TryGet(out var file, out var failures))
            {
                warnings.Add($"{failures[0]}; the other copy is used if it can be read");
            }
            else if (file is not null && (newest is null || file.Revision > newest.Revision))
            {
                newest = file;
            }
        }

        return newest;
    }

    private static Result<MarksFile?> Read(string copy)
    {
        if (!AtomicFile.ReadIfThere(copy, LargestFile).TryGet(out var content, out var failures))
        {
            return failures;
        }

        if (content is null)
        {
            return (MarksFile?)null;
        }

        try
        {
            var file = JsonSerializer.Deserialize(content, MarksJson.Default.MarksFile);
            return IsSound(file) ? file : new Failure(Phase.Observe, copy, "is not a list of release marks that this version understands");
        }
        catch (JsonException e)
        {
            return new Failure(Phase.Observe, copy, $"is damaged: {SystemErrors.Text(e)}");
        }
    }

    private static bool IsSound(MarksFile? file) =>
        file is { Schema: MarksFile.KnownSchema, Revision: > 0 }
        && file.Streams.Values.All(mark => mark is { Serial: > 0, Sha256.Length: 64 });

    private static ReleaseMarks ToMarks(MarksFile file) =>
        new(file.Streams.ToImmutableSortedDictionary(StringComparer.Ordinal), file.NewestSigned);

    private Failure? MakeFolder()
    {
        try
        {
            Directory.CreateDirectory(stateDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Apply, stateDirectory, $"could not be made: {SystemErrors.Text(e)}", Retryable: true);
        }
    }
}

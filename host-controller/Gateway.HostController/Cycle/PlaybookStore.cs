using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Cycle;

/// <summary>The accepted playbook and the record of each stream, in the state directory.</summary>
internal sealed class PlaybookStore(string stateDirectory)
{
    private const int LargestFile = 2 * (SourceText.LargestDocument + SignatureVerifier.LargestSignature);
    private const string Suffix = ".json";

    /// <summary>0750: folders of the state directory.</summary>
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private string AcceptedFolder => Path.Combine(stateDirectory, "accepted");

    private string RecordsFolder => Path.Combine(stateDirectory, "streams");

    /// <summary>Streams with an accepted playbook or a record.</summary>
    public ImmutableArray<string> Streams() =>
        [.. new[] { AcceptedFolder, RecordsFolder }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + Suffix))
            .Select(file => Path.GetFileName(file)[..^Suffix.Length])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    /// <summary>The playbook in force; null when there is none yet.</summary>
    public Result<AcceptedPlaybook?> Accepted(string stream) => Read(PathIn(AcceptedFolder, stream), CycleJson.Default.AcceptedPlaybook);

    /// <summary>Digests of the bundles in force.</summary>
    public IEnumerable<string> Bundles() =>
        Streams().Select(Accepted).Where(accepted => accepted is { IsSuccess: true, Value.IsBundle: true }).Select(accepted => accepted.Value!.Sha256);

    /// <summary>What happened last; an unreadable record counts as none, which at worst applies a playbook once more.</summary>
    public StreamRecord Record(string stream) =>
        Read(PathIn(RecordsFolder, stream), CycleJson.Default.StreamRecord) is { IsSuccess: true, Value: { Schema: StreamRecord.KnownSchema } record }
            ? record
            : StreamRecord.Empty(stream);

    /// <summary>Makes a playbook the one in force.</summary>
    public Result<Nothing> Accept(AcceptedPlaybook playbook) => Write(AcceptedFolder, playbook.Stream, playbook, CycleJson.Default.AcceptedPlaybook);

    /// <summary>Keeps what happened.</summary>
    public Result<Nothing> Save(StreamRecord record) => Write(RecordsFolder, record.Stream, record, CycleJson.Default.StreamRecord);

    private static string PathIn(string folder, string stream) => Path.Combine(folder, stream + Suffix);

    private static Result<T?> Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (!AtomicFile.ReadIfThere(path, LargestFile).TryGet(out var content, out var failures))
        {
            return failures;
        }

        try
        {
            return content is null ? (T?)null : JsonSerializer.Deserialize(content, type);
        }
        catch (JsonException wrong)
        {
            return new Failure(Phase.Observe, path, $"is damaged: {SystemErrors.Text(wrong)}");
        }
    }

    private static Result<Nothing> Write<T>(string folder, string stream, T value, JsonTypeInfo<T> type)
    {
        try
        {
            Directory.CreateDirectory(folder, FolderMode);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Configuration, folder, $"cannot be made: {SystemErrors.Text(wrong)}");
        }

        var written = AtomicFile.WriteIfChanged(PathIn(folder, stream), JsonSerializer.SerializeToUtf8Bytes(value, type), AtomicFile.OwnerOnly);
        return written.IsSuccess ? default(Nothing) : written.Failures;
    }
}

using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.HostController.Supervisor;

/// <summary>Keeps the record of the supervisor in the state directory.</summary>
/// <param name="folder">On this machine.</param>
internal sealed class SupervisorStore(string folder)
{
    private const int LargestFile = 256 * 1024;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string Folder => folder;

    private string RecordFile => Path.Combine(folder, "record.json");

    /// <summary>
    /// The record; an empty one where there is none. One that is no JSON at all (worn-out flash) is put aside and what
    /// runs is looked at instead; one of another schema, or with a step that is not known, is a failure: hands off.
    /// </summary>
    public Result<SupervisorRecord> Load()
    {
        if (!AtomicFile.ReadIfThere(RecordFile, LargestFile).TryGet(out var content, out var failures))
        {
            return failures;
        }

        if (content is null)
        {
            return SupervisorRecord.Empty;
        }

        try
        {
            using var document = JsonDocument.Parse(content);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return PutAside();
        }
    }

    /// <summary>Saves it, unless it says the same already.</summary>
    public Result<Nothing> Save(SupervisorRecord record)
    {
        try
        {
            Directory.CreateDirectory(folder, FolderMode);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Apply, folder, $"cannot be made: {SystemErrors.Text(wrong)}", Retryable: true);
        }

        var written = AtomicFile.WriteIfChanged(RecordFile, JsonSerializer.SerializeToUtf8Bytes(record, SupervisorJson.Default.SupervisorRecord), AtomicFile.OwnerOnly);
        return written.IsSuccess ? default(Nothing) : written.Failures;
    }

    private Result<SupervisorRecord> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("schema", out var schema) || !schema.TryGetInt32(out var version))
        {
            return Unknown("it has no schema number");
        }

        if (version != SupervisorRecord.KnownSchema)
        {
            return Unknown($"its schema is {version}, this version knows {SupervisorRecord.KnownSchema}");
        }

        try
        {
            return json.Deserialize(SupervisorJson.Default.SupervisorRecord) is { } record ? record : Unknown("it is empty");
        }
        catch (JsonException wrong)
        {
            return Unknown(SystemErrors.Text(wrong));
        }
    }

    private Failure Unknown(string why) =>
        new(Phase.Observe, RecordFile, $"was not written by this version of the host controller: {OneLine.Of(why)}; the supervisor is left as it is; install the version that wrote it, or remove the file");

    private Result<SupervisorRecord> PutAside()
    {
        try
        {
            File.Move(RecordFile, RecordFile + ".damaged", overwrite: true);
            return SupervisorRecord.Empty;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Observe, RecordFile, $"is damaged and cannot be put aside: {SystemErrors.Text(wrong)}");
        }
    }
}

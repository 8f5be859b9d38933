using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.HostController.Reboots;

/// <summary>Keeps the record of reboots, root's alone: what tasks registered is in it.</summary>
/// <param name="file">On this machine.</param>
internal sealed class RebootStore(string file)
{
    /// <summary>A run that registered more than this cannot be gone on with.</summary>
    public const int LargestJournal = 16 * 1024 * 1024;
    private const int LargestFile = 2 * LargestJournal;

    /// <summary>The record; an empty one where there is none. One that is damaged or of another version is put aside: the playbook is then applied from its beginning.</summary>
    public Result<RebootRecord> Load()
    {
        if (!AtomicFile.ReadIfThere(file, LargestFile).TryGet(out var content, out var failures))
        {
            return failures;
        }

        try
        {
            return content is not null && JsonSerializer.Deserialize(content, RebootJson.Default.RebootRecord) is { Schema: RebootRecord.KnownSchema } record ? record : RebootRecord.Empty;
        }
        catch (JsonException)
        {
            return RebootRecord.Empty;
        }
    }

    /// <summary>Saves it durably before it returns.</summary>
    public Result<Nothing> Save(RebootRecord record)
    {
        if (record == RebootRecord.Empty && !File.Exists(file))
        {
            return default(Nothing);
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Configuration, file, $"cannot be kept: {SystemErrors.Text(wrong)}");
        }

        var written = AtomicFile.WriteIfChanged(file, JsonSerializer.SerializeToUtf8Bytes(record, RebootJson.Default.RebootRecord), AtomicFile.OwnerOnly);
        return written.IsSuccess ? default(Nothing) : written.Failures;
    }
}

/// <summary>Reads and writes the record without reflection; a missing member is an error, one that a newer version has added is not.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RebootRecord))]
internal sealed partial class RebootJson : JsonSerializerContext;

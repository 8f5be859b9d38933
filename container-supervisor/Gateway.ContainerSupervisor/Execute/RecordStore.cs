using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Reconciliation.Updates;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>Keeps the record of the applications' updates.</summary>
internal sealed class RecordStore(string stateDirectory)
{
    private const int LargestFile = 16 * 1024 * 1024;

    private readonly string path = Path.Combine(stateDirectory, "applications.json");

    /// <summary>The record; an empty one on a new gateway. One that cannot be read is a failure: nothing may be touched then.</summary>
    public Result<ReconciliationRecord> Load()
    {
        if (!AtomicFile.ReadIfThere(path, LargestFile).TryGet(out var bytes, out var wrong))
        {
            return wrong;
        }

        return bytes is null ? ReconciliationRecord.Empty : RecordJson.Read(bytes, path);
    }

    public Result<Nothing> Save(ReconciliationRecord record)
    {
        var written = AtomicFile.WriteIfChanged(path, RecordJson.Write(record), AtomicFile.OwnerOnly);
        return written.IsSuccess ? default(Nothing) : written.Failures;
    }
}

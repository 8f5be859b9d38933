using System.Text.Json;
using Gateway.HostController.Supervisor;
using Gateway.Core.Reports;

namespace Gateway.UnitTests.HostController.Supervisor;

/// <summary>A machine with an engine, on which power can be lost before and after every write and every single action.</summary>
internal sealed class FakeSupervisorHost
{
    public sealed class PowerLostException : Exception;

    public sealed record Box(string Id, string Release, bool Running);

    private byte[]? disk;
    private int made;
    private int boots;

    /// <summary>Containers by name.</summary>
    public Dictionary<string, Box> Boxes { get; } = new(StringComparer.Ordinal);

    /// <summary>Images that are here, by release.</summary>
    public HashSet<string> Images { get; } = new(StringComparer.Ordinal);

    /// <summary>What of a release does not work: the phase on which it fails; absent for a good one.</summary>
    public Dictionary<string, UpdatePhase> Bad { get; } = new(StringComparer.Ordinal);

    /// <summary>What of going back does not work, whatever the release.</summary>
    public UpdatePhase NoWayBack { get; set; } = UpdatePhase.Idle;

    /// <summary>How many writes and actions until the power goes.</summary>
    public int Left { get; set; } = int.MaxValue;

    /// <summary>How many writes until the disk is full; negative for never.</summary>
    public int Room { get; set; } = -1;

    /// <summary>Releases whose start takes the whole machine down.</summary>
    public HashSet<string> Deadly { get; } = new(StringComparer.Ordinal);

    /// <summary>Every phase performed.</summary>
    public List<string> Log { get; } = [];

    public SupervisorRecord Record => disk is null ? SupervisorRecord.Empty : JsonSerializer.Deserialize(disk, SupervisorJson.Default.SupervisorRecord)!;

    public static SupervisorRelease Release(string name) => new(name, $"id-{name}", name);

    public static UpdateEvent.Begin Begin(string name) =>
        new(Release(name) with { ImageId = "" }, UpdatePhase.Fetch, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)) { BootId = "0" };

    /// <summary>One process: resumes what was interrupted, then asks for a release unless that failed for good; false when power was lost.</summary>
    public bool Run(UpdateEvent.Begin? begin)
    {
        boots++;
        try
        {
            var record = Drive(Record, new UpdateEvent.Resumed($"{boots}"));
            if (begin is not null && !record.IsUnderWay && record.Current?.Hash != begin.Candidate.Hash && record.FailureOf(begin.Candidate.Hash) is not { Final: true })
            {
                var adopted = Boxes.GetValueOrDefault("sup") is { } there ? Release(there.Release) : null;
                Drive(record, begin with { Adopted = adopted, BootId = $"{boots}" });
            }

            return true;
        }
        catch (PowerLostException)
        {
            return false;
        }
    }

    private SupervisorRecord Drive(SupervisorRecord record, UpdateEvent first)
    {
        var driven = new SupervisorDriver(Save, record => Task.FromResult(Perform(record)), TimeProvider.System, Serilog.Core.Logger.None).DriveAsync(record, first).GetAwaiter().GetResult();
        return driven.IsSuccess ? driven.Value : Record;
    }

    private Result<Nothing> Save(SupervisorRecord record)
    {
        if (Room == 0)
        {
            return new Failure(Phase.Apply, "record.json", "could not be written: No space left on device");
        }

        Room--;
        Do(() => disk = JsonSerializer.SerializeToUtf8Bytes(record, SupervisorJson.Default.SupervisorRecord));
        return default(Nothing);
    }

    private UpdateEvent? Perform(SupervisorRecord record)
    {
        Log.Add($"{record.Phase}");
        var candidate = record.Candidate?.Hash ?? "";
        if (record.Phase == NoWayBack || (Bad.TryGetValue(candidate, out var bad) && bad == record.Phase))
        {
            return new UpdateEvent.Broke($"{record.Phase} does not work", false);
        }

        return record.Phase switch
        {
            UpdatePhase.Fetch => Worked(() => Images.Add(candidate), $"id-{candidate}"),
            UpdatePhase.Create => Create(candidate),
            UpdatePhase.DropCandidate => Worked(() => Boxes.Remove("sup-candidate")),
            UpdatePhase.StopOld => Worked(() => Change(record.OldContainer!, box => box with { Running = false })),
            UpdatePhase.SetAside => Rename(record.OldContainer!, "sup-previous"),
            UpdatePhase.PutInPlace => Rename(record.NewContainer!, "sup", isNew: true),
            UpdatePhase.Start => Start(record.NewContainer!, candidate, isNew: true),
            UpdatePhase.Probation => Find(record.NewContainer!) is { } name && Boxes[name].Running ? new UpdateEvent.Worked() : new UpdateEvent.Broke("does not run", false),
            UpdatePhase.RemoveNew => Worked(() => Boxes.Remove(Find(record.NewContainer!) ?? "")),
            UpdatePhase.BringBack => BringBack(record),
            UpdatePhase.StartOld => Start(record.OldContainer!, record.Current!.Hash, isNew: false),
            UpdatePhase.CleanUp => CleanUp(record),
            _ => new UpdateEvent.Worked(),
        };
    }

    private UpdateEvent.Worked Create(string candidate)
    {
        Assert.Contains(candidate, Images);
        Do(() => Boxes["sup-candidate"] = new Box($"c{++made}", candidate, false));
        return new UpdateEvent.Worked(Boxes["sup-candidate"].Id, Boxes.GetValueOrDefault("sup")?.Id);
    }

    private UpdateEvent BringBack(SupervisorRecord record)
    {
        if (record.OldContainer is { } old && Find(old) is not null)
        {
            return Rename(old, "sup");
        }

        Do(() => Boxes["sup"] = new Box($"c{++made}", record.Current!.Hash, false));
        return new UpdateEvent.Worked(Boxes["sup"].Id);
    }

    private UpdateEvent.Worked CleanUp(SupervisorRecord record)
    {
        Do(() => Boxes.Remove("sup-previous"));
        Do(() => Boxes.Remove("sup-candidate"));
        if (record.Obsolete is { } obsolete)
        {
            Do(() => Images.Remove(obsolete["id-".Length..]));
        }

        return new UpdateEvent.Worked();
    }

    private UpdateEvent Start(string id, string release, bool isNew)
    {
        if (Find(id) is not { } name)
        {
            return new UpdateEvent.Broke("is gone", isNew);
        }

        Do(() => Boxes[name] = Boxes[name] with { Running = true });
        return Deadly.Contains(release) ? throw new PowerLostException() : new UpdateEvent.Worked();
    }

    private UpdateEvent Rename(string id, string to, bool isNew = false)
    {
        if (Find(id) is not { } name)
        {
            return new UpdateEvent.Broke("is gone", isNew);
        }

        if (name != to)
        {
            Do(() => Boxes.Remove(to));
            Do(() =>
            {
                Boxes[to] = Boxes[name];
                Boxes.Remove(name);
            });
        }

        return new UpdateEvent.Worked();
    }

    private UpdateEvent.Worked Worked(Action action, string? made = null)
    {
        Do(action);
        return new UpdateEvent.Worked(made);
    }

    private void Change(string id, Func<Box, Box> change)
    {
        if (Find(id) is { } name)
        {
            Boxes[name] = change(Boxes[name]);
        }
    }

    private string? Find(string id) => Boxes.Where(box => box.Value.Id == id).Select(box => box.Key).FirstOrDefault();

    /// <summary>Power may go before, and after.</summary>
    private void Do(Action action)
    {
        if (Left-- <= 0)
        {
            throw new PowerLostException();
        }

        action();
        if (Left-- <= 0)
        {
            throw new PowerLostException();
        }
    }
}

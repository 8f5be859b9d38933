using Gateway.Core.Reports;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Documents;

namespace Gateway.Ctl.Commands;

/// <summary>Follows a publication at every gateway it is for, with progress, until each has decided.</summary>
/// <param name="shell">Where progress goes.</param>
/// <param name="broker">The connection.</param>
/// <param name="to">Whom it is for.</param>
/// <param name="document">The document, or null when it does not parse.</param>
/// <param name="sha256">Of its bytes.</param>
/// <param name="patience">How long to follow.</param>
internal sealed class PublicationWatch(Shell shell, BrokerClient broker, Destination to, Document? document, string sha256, TimeSpan patience)
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Publication> open = new(StringComparer.Ordinal);
    private readonly HashSet<string> settled = new(StringComparer.Ordinal);
    private readonly HashSet<string> fresh = new(StringComparer.Ordinal);
    private Fleet fleet = null!;
    private ExitStatus worst = ExitStatus.Done;

    /// <summary>Takes in how the gateways stand; before publishing, so that what comes later is known to be new.</summary>
    public async Task<Result<Nothing>> PrepareAsync(CancellationToken cancellation)
    {
        var subscribed = await Fleet.SubscribeAsync(broker, to.IsGroup ? null : to.Name, cancellation);
        if (!subscribed.TryGet(out var known, out var wrong))
        {
            return wrong;
        }

        fleet = known;
        foreach (var member in known.Members.Values.Where(IsOurs))
        {
            Open(member.Id, member.Status);
        }

        if (!to.IsGroup)
        {
            Open(to.Name, null);
        }

        return default(Nothing);
    }

    /// <summary>The status of the gravest outcome.</summary>
    public async Task<ExitStatus> FollowAsync(CancellationToken cancellation)
    {
        SayWhoIsAway();
        var until = shell.Clock.GetTimestamp();
        while (true)
        {
            foreach (var id in open.Keys.ToList())
            {
                Settle(id);
            }

            if (open.Keys.All(IsAwayInGroup))
            {
                return Finish();
            }

            if (shell.Clock.GetElapsedTime(until) > patience)
            {
                return GiveUp();
            }

            if (await broker.NextAsync(Tick, cancellation) is { } message && fleet.Take(message) is { } change)
            {
                Take(change.Before, change.Now);
            }
        }
    }

    private void Take(Fleet.Member? before, Fleet.Member now)
    {
        if (!IsOurs(now))
        {
            return;
        }

        Open(now.Id, null);
        if (before?.Presence != now.Presence)
        {
            Progress(now.Id, now.Presence ?? "");
        }

        if (now.Status is { } status && !ReferenceEquals(status, before?.Status))
        {
            fresh.Add(now.Id);
            foreach (var line in open.ContainsKey(now.Id) ? StatusChanges.Between(before?.Status, status) : [])
            {
                Progress(now.Id, line);
            }
        }
    }

    private void Open(string id, StatusView? before)
    {
        if (!open.ContainsKey(id) && !settled.Contains(id))
        {
            open[id] = new Publication(to.SourceKey, document?.Release?.Serial ?? 0, sha256, document?.Applications ?? [], before);
        }
    }

    private void Settle(string id)
    {
        if (fleet.Members.GetValueOrDefault(id)?.Status is not { } status)
        {
            return;
        }

        var (outcome, reason) = open[id].Judge(status, fresh.Contains(id), shell.Now);
        if (outcome == Outcome.Pending)
        {
            return;
        }

        open.Remove(id);
        settled.Add(id);
        shell.Terminal.Out.WriteLine(outcome switch
        {
            Outcome.Applied => $"{id}: applied",
            Outcome.Refused => $"{id}: refused: {reason}",
            _ => $"{id}: not applied: {reason}",
        });
        Worsen(outcome switch { Outcome.Applied => ExitStatus.Done, Outcome.Refused => ExitStatus.Refused, _ => ExitStatus.NotApplied });
    }

    private ExitStatus Finish()
    {
        if (settled.Count == 0)
        {
            shell.Terminal.Fail(new Failure(Phase.Fetch, to.Target, "no gateway of it is online; it stays published and they get it when they come"));
            return ExitStatus.NoAnswer;
        }

        return worst;
    }

    private ExitStatus GiveUp()
    {
        foreach (var id in open.Keys.Where(id => !IsAwayInGroup(id)))
        {
            var why = fleet.Members.GetValueOrDefault(id) is { IsOnline: true } ? "is online and has not finished" : "is not online; it gets it when it comes back";
            shell.Terminal.Fail(new Failure(Phase.Fetch, id, $"{why}; stopped waiting after {patience.TotalSeconds:0} s (--timeout)"));
        }

        Worsen(ExitStatus.NoAnswer);
        return worst;
    }

    private void SayWhoIsAway()
    {
        foreach (var id in open.Keys.Where(id => fleet.Members.GetValueOrDefault(id)?.IsOnline != true))
        {
            Progress(id, fleet.Members.ContainsKey(id) ? "is not online; it gets it when it comes back" : "has not been seen on this broker yet");
        }
    }

    private void Worsen(ExitStatus status) =>
        worst = (worst, status) is (ExitStatus.Refused, _) or (_, ExitStatus.Refused) ? ExitStatus.Refused
            : (worst, status) is (ExitStatus.NotApplied, _) or (_, ExitStatus.NotApplied) ? ExitStatus.NotApplied
            : status == ExitStatus.Done ? worst : status;

    private bool IsOurs(Fleet.Member member) => to.IsGroup ? member.Status?.Groups.Contains(to.Name) == true : member.Id == to.Name;

    /// <summary>A group is not waited for by those that are away; a single gateway is.</summary>
    private bool IsAwayInGroup(string id) => to.IsGroup && fleet.Members.GetValueOrDefault(id)?.IsOnline != true;

    private void Progress(string id, string line) => shell.Terminal.Error.WriteLine($"  {id}: {line}");
}

using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Status;
using Serilog;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>
/// The documents in force. A newcomer is verified, parsed whole, judged, kept on disk, marked, and only then in force;
/// one that fails anywhere on that way leaves the last good one where it is.
/// </summary>
internal sealed class DesiredSources(Membership membership, DocumentGate gate, DesiredStore store, ILogger log)
{
    private const int ReasonsTold = 5;

    private readonly Lock gateOfAll = new();
    private bool wasInForce;
    private DesiredState? merged;
    private ImmutableSortedDictionary<string, SourceState> sources = ImmutableSortedDictionary.Create<string, SourceState>(StringComparer.Ordinal);

    /// <summary>Told after each change, refusals included.</summary>
    public Action? OnChange { get; set; }

    /// <summary>By key: <c>gateway</c>, <c>group:&lt;name&gt;</c>.</summary>
    public ImmutableSortedDictionary<string, SourceState> All => Volatile.Read(ref sources);

    /// <summary>What all sources together ask for, the same object until it changes; null when nothing may be touched.</summary>
    public DesiredState? Merged => Volatile.Read(ref merged);

    /// <summary>Puts what is kept on disk in force; with no network this is all there is.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var key in Keys)
        {
            Set(key, await LoadAsync(key, cancellation));
        }
    }

    /// <summary>A group was joined: what was in force of it when it was left, or before a restart, is in force again.</summary>
    public async Task JoinAsync(string group, CancellationToken cancellation) => Set(KeyOf(group), await LoadAsync(KeyOf(group), cancellation));

    /// <summary>A group was left: nothing of it is desired any more. Its document and its mark stay on disk.</summary>
    public void Leave(string group)
    {
        lock (gateOfAll)
        {
            Volatile.Write(ref sources, All.Remove(KeyOf(group)));
            Volatile.Write(ref merged, Merge(All));
        }

        OnChange?.Invoke();
    }

    /// <summary>Takes a newcomer. Failures are told in the status as well.</summary>
    /// <param name="key">The source.</param>
    /// <param name="envelope">The text and its signature.</param>
    /// <param name="cancellation">Leaves all as it is.</param>
    public async Task<Result<DesiredState>> ReceiveAsync(string key, Envelope envelope, CancellationToken cancellation)
    {
        long? serial = null;
        var verified = await gate.VerifyAsync(envelope.Payload, envelope.Signature, cancellation);
        var parsed = verified.Then(text => DesiredStateParser.Parse(text, new DesiredStateOptions(key)));
        var accepted = parsed.Then(desired =>
        {
            serial = desired.Release!.Serial;
            return gate.Judge(Stream(key), desired.Release, verified.Value)
                .Then(verdict => Keep(key, envelope, verdict))
                .Then<DesiredState>(_ => desired);
        });
        if (accepted.TryGet(out var inForce, out var wrong))
        {
            Accept(key, inForce, verified.Value);
        }
        else
        {
            Refuse(key, serial, wrong);
        }

        return accepted;
    }

    /// <summary>Notes a message that is not even an envelope.</summary>
    public void Refuse(string key, long? serial, ImmutableArray<Failure> failures)
    {
        var more = failures.Length > ReasonsTold ? $"; and {(failures.Length - ReasonsTold).ToString(CultureInfo.InvariantCulture)} more" : "";
        var reason = OneLine.Of(string.Join("; ", failures.Take(ReasonsTold)) + more);
        if (!Keys.Contains(key))
        {
            return;
        }

        var before = All.GetValueOrDefault(key, SourceState.Empty);
        if (before.Refused is { } same && same.Serial == serial && same.Reason == reason)
        {
            return;
        }

        log.Warning("Desired state of {Source} is refused, what is in force stays: {Reason}", key, reason);
        Set(key, before with { Refused = new RefusedStatus(serial, reason) });
    }

    private Result<Nothing> Keep(string key, Envelope envelope, ReleaseVerdict verdict) =>
        store.Save(key, envelope).Then(_ => gate.Save(verdict));

    private void Accept(string key, DesiredState desired, Verified<SourceText> text)
    {
        var before = All.GetValueOrDefault(key, SourceState.Empty);
        var now = new SourceState(desired, text.Sha256, null, null);
        if (before.Sha256 == now.Sha256 && before.Refused is null && before.Unusable is null)
        {
            return;
        }

        log.Information("Desired state of {Source} in force: serial {Serial}, {Count} application(s)", key, desired.Release!.Serial, desired.Applications.Length);
        foreach (var warning in desired.Warnings)
        {
            log.Warning("{Warning}", warning.ToString());
        }

        Set(key, now);
    }

    private async Task<SourceState> LoadAsync(string key, CancellationToken cancellation)
    {
        var loaded = store.Load(key);
        if (loaded is { IsSuccess: true, Value: null })
        {
            return SourceState.Empty;
        }

        Result<Verified<SourceText>> verified = loaded.IsSuccess
            ? await gate.VerifyKeptAsync(Stream(key), loaded.Value!.Payload, loaded.Value.Signature, cancellation)
            : loaded.Failures;
        var parsed = verified.Then(text => DesiredStateParser.Parse(text, new DesiredStateOptions(key)));
        if (!parsed.TryGet(out var desired, out var wrong))
        {
            var why = OneLine.Of(string.Join("; ", wrong.Take(ReasonsTold)));
            log.Error("Desired state of {Source} as kept on disk cannot be used, so nothing is touched until one is received: {Reason}", key, why);
            return new SourceState(null, null, null, why);
        }

        // A power cut may have come between the document and its mark.
        if (gate.Judge(Stream(key), desired.Release!, verified.Value) is { IsSuccess: true } verdict && gate.Save(verdict.Value) is { IsSuccess: false } unsaved)
        {
            log.Warning("{Failure}", unsaved.Failure.ToString());
        }

        log.Information("Desired state of {Source} as kept on disk: serial {Serial}", key, desired.Release!.Serial);
        return new SourceState(desired, verified.Value.Sha256, null, null);
    }

    private void Set(string key, SourceState state)
    {
        lock (gateOfAll)
        {
            var before = All;
            Volatile.Write(ref sources, before.SetItem(key, state));
            if (!ReferenceEquals(before.GetValueOrDefault(key)?.Desired, state.Desired) || state.Unusable is not null)
            {
                Volatile.Write(ref merged, Merge(All));
            }
        }

        OnChange?.Invoke();
    }

    /// <summary>Nothing in force means that nothing is known, unless it was in force until a group was left: then it goes.</summary>
    private DesiredState? Merge(ImmutableSortedDictionary<string, SourceState> now)
    {
        var inForce = Keys.Select(key => now.GetValueOrDefault(key)?.Desired).OfType<DesiredState>().ToImmutableArray();
        wasInForce |= !inForce.IsEmpty;
        return !wasInForce || now.Values.Any(source => source.Unusable is not null) ? null : SourceMerge.Merge(inForce);
    }

    private IEnumerable<string> Keys => membership.Identity.Groups.Select(KeyOf).Prepend("gateway");

    private static string KeyOf(string group) => $"group:{group}";

    private static string Stream(string key) => $"desired:{key}";
}

using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Serilog;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Verifies documents and judges their releases by the marks on disk. One caller at a time.</summary>
internal sealed class DocumentGate
{
    private readonly SupervisorConfiguration configuration;
    private readonly Membership membership;
    private readonly TimeProvider clock;
    private readonly SignatureVerifier verifier;
    private readonly ReleaseMarkStore store;
    private readonly ILogger log;
    private readonly Pace pace = new(perSecond: 10, burst: 20);
    private readonly TimeFloor floor;
    private ReleaseMarks marks;

    public DocumentGate(SupervisorConfiguration configuration, Membership membership, TimeProvider clock, ILogger log)
    {
        this.configuration = configuration;
        this.membership = membership;
        this.clock = clock;
        this.log = log;
        verifier = new SignatureVerifier(configuration.TrustedDirectory);
        store = new ReleaseMarkStore(configuration.StateDirectory);
        floor = new TimeFloor(configuration.StateDirectory, clock);
        var loaded = store.Load();
        marks = loaded.Marks;
        Warnings = [.. loaded.Warnings];
    }

    /// <summary>What was wrong with the marks on disk.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>
    /// Verifies; without <c>require_signature</c> a text that carries none is taken as it is. Each costs a process, so that
    /// more than a few a second wait, whatever the broker sends.
    /// </summary>
    public async Task<Result<Verified<SourceText>>> VerifyAsync(SourceText text, ReadOnlyMemory<byte> signature, CancellationToken cancellation)
    {
        await Task.Delay(pace.Take(Environment.TickCount64), cancellation);
        return !configuration.RequireSignature && signature.IsEmpty
            ? SignatureVerifier.Waive(text)
            : await verifier.VerifyAsync(text, signature, cancellation);
    }

    /// <summary>
    /// A text that was accepted before, as kept on disk. What was let in then stays in force even when its key has
    /// since expired or gone, or gpgv cannot run: it must be, byte for byte, what the mark tells.
    /// </summary>
    public async Task<Result<Verified<SourceText>>> VerifyKeptAsync(string stream, SourceText text, ReadOnlyMemory<byte> signature, CancellationToken cancellation)
    {
        var verified = await VerifyAsync(text, signature, cancellation);
        var known = SignatureVerifier.Waive(text);
        if (verified.IsSuccess || marks[stream] is not { } mark || mark.Sha256 != known.Sha256)
        {
            return verified;
        }

        log.Warning("{Document}: was accepted before and stays in force, though its signature would not be accepted now: {Reason}", text.Name, verified.Failure.ToString());
        return known;
    }

    /// <summary>Whether the release may be acted upon.</summary>
    public Result<ReleaseVerdict> Judge(string stream, Release release, Verified<SourceText> text)
    {
        var signers = verifier.ReadTrustedKeys().Signers;
        var verdict = ReleaseGate.Judge(ReleaseClaim.Of(stream, release, text), membership.Identity, marks, signers, TrustedTime.Of(clock, marks, floor));
        if (verdict.IsSuccess)
        {
            foreach (var note in verdict.Value.Notes)
            {
                log.Warning("{Document}: {Note}", text.Value.Name, note);
            }
        }

        return verdict;
    }

    /// <summary>Saves what the verdict moves; before acting on it.</summary>
    public Result<Nothing> Save(ReleaseVerdict verdict)
    {
        var saved = store.Save(verdict.Marks);
        // Another process may have moved them: what is on disk counts.
        marks = saved.IsSuccess ? verdict.Marks : store.Load().Marks;
        CountTime();
        return saved;
    }

    /// <summary>
    /// The time that has passed is kept, so that a clock that is set back lets nothing in that had expired. To be called from
    /// time to time by what runs on and on; it writes seldom.
    /// </summary>
    public void CountTime()
    {
        if (!Directory.Exists(configuration.StateDirectory))
        {
            return;
        }

        foreach (var failure in floor.Raise(TrustedTime.Of(clock, marks).Certain).Failures)
        {
            log.Warning("{Failure}", failure.ToString());
        }
    }
}

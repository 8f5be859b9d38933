using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Status;

namespace Gateway.ContainerSupervisor.Report;

/// <summary>Errors that are not resolved, one per subject; bounded.</summary>
internal sealed class ErrorBook(TimeProvider clock)
{
    private const int Most = 50;

    private readonly Lock gate = new();
    private ImmutableDictionary<string, ErrorStatus> errors = ImmutableDictionary.Create<string, ErrorStatus>(StringComparer.Ordinal);

    /// <summary>All of them, oldest first.</summary>
    public ImmutableArray<ErrorStatus> All
    {
        get
        {
            lock (gate)
            {
                return [.. errors.Values.OrderBy(error => error.Time).ThenBy(error => error.Subject, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Notes an error, in place of an older one of that subject. True when it says something new.</summary>
    public bool Note(string subject, string message)
    {
        lock (gate)
        {
            if (errors.TryGetValue(subject, out var known) && known.Message == message)
            {
                return false;
            }

            if (errors.Count >= Most && !errors.ContainsKey(subject))
            {
                errors = errors.Remove(errors.MinBy(error => error.Value.Time).Key);
            }

            errors = errors.SetItem(subject, new ErrorStatus(clock.GetUtcNow(), OneLine.Of(subject), OneLine.Of(message)));
            return true;
        }
    }

    /// <summary>It is resolved. True when there was one.</summary>
    public bool Resolve(string subject)
    {
        lock (gate)
        {
            var before = errors.Count;
            errors = errors.Remove(subject);
            return errors.Count < before;
        }
    }
}

using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;

namespace Gateway.Reconciliation.Desired;

/// <summary>What a gateway shall run, as one document says it or as several were merged.</summary>
/// <param name="Release">The release block; null for a merged state, or a document a person with root applied without one.</param>
/// <param name="Urgency">Whether windows and locks are passed.</param>
/// <param name="Applications">The applications, sorted by name, names unique.</param>
/// <param name="Warnings">What was read and has no effect (profiles); never a reason to refuse.</param>
public sealed record DesiredState(Release? Release, Urgency Urgency, ImmutableArray<Application> Applications, ImmutableArray<Failure> Warnings)
{
    /// <summary>The application of that name, or null.</summary>
    public Application? this[string name] => Applications.FirstOrDefault(application => application.Name == name);
}

/// <summary>How soon a release must be applied.</summary>
public enum Urgency
{
    /// <summary>Within windows, when no lock is held.</summary>
    Normal,

    /// <summary>At once.</summary>
    Critical,
}

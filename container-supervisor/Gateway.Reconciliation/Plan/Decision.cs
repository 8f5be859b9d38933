using System.Collections.Immutable;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>What was decided about one application.</summary>
/// <param name="Plan">What to do.</param>
/// <param name="Record">To be saved first; the same object when nothing changed.</param>
/// <param name="Garbage">Images it needs no longer.</param>
internal sealed record Decision(ApplicationPlan Plan, ApplicationRecord Record, ImmutableArray<string> Garbage);

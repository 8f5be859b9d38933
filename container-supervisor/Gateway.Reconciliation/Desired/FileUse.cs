using Gateway.Core.Reports;

namespace Gateway.Reconciliation.Desired;

/// <summary>An item of a service's <c>secrets</c> or <c>configs</c>, before its content is looked up.</summary>
/// <param name="Source">Key of the application's <c>secrets</c> or <c>configs</c>.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Uid">The owner's number.</param>
/// <param name="Gid">The group's number.</param>
/// <param name="IsSecret">Of <c>secrets</c>.</param>
/// <param name="At">Where it stands.</param>
internal sealed record FileUse(string Source, string Target, int Mode, int Uid, int Gid, bool IsSecret, Position At);

/// <summary>An item of <c>volumes_from</c>.</summary>
internal sealed record VolumesOf(string Service, bool ReadOnly, Position At);

using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Plan;

/// <summary>Services that restart after another one: see <c>depends_on</c> with <c>restart: true</c>, <c>links</c> and shared namespaces.</summary>
public static class Dependants
{
    /// <summary>Those that restart after a service, and after those again, in start order.</summary>
    public static ImmutableArray<string> Of(Application application, string service)
    {
        var renewed = new HashSet<string>(StringComparer.Ordinal) { service };
        return [.. StartOrder.Of(application.Services).Where(other => other.Name != service && Tie.Of(other).Any(tie => renewed.Contains(tie.Service)) && renewed.Add(other.Name)).Select(other => other.Name)];
    }
}

using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Plan;

/// <summary>A service that another one restarts after: by <c>depends_on</c> with <c>restart: true</c>, by <c>links</c>, or because it lives in its namespace.</summary>
/// <param name="Service">The service that comes first.</param>
/// <param name="SharesNamespace">Then every start of the first counts, as the namespace dies with it.</param>
internal readonly record struct Tie(string Service, bool SharesNamespace)
{
    public static IEnumerable<Tie> Of(Service service)
    {
        foreach (var (_, joined) in ServiceLinks.Joined(service))
        {
            yield return new Tie(joined, true);
        }

        foreach (var dependency in service.DependsOn)
        {
            if (dependency.Restart)
            {
                yield return new Tie(dependency.Service, false);
            }
        }

        foreach (var link in service.Links)
        {
            yield return new Tie(link.Service, false);
        }
    }
}

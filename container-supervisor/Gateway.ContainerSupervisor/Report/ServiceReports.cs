using System.Collections.Immutable;
using Gateway.Reconciliation.Status;

namespace Gateway.ContainerSupervisor.Report;

/// <summary>What containers say of themselves: the last word of each, until the program ends or the service goes.</summary>
internal sealed class ServiceReports
{
    private ImmutableDictionary<string, ServiceReport> reports = ImmutableDictionary.Create<string, ServiceReport>(StringComparer.Ordinal);

    /// <summary>By <c>&lt;application&gt;/&lt;service&gt;</c>.</summary>
    public ImmutableDictionary<string, ServiceReport> All => Volatile.Read(ref reports);

    /// <summary>Told after a report that says something new.</summary>
    public Action? OnChange { get; set; }

    public void Put(string service, ServiceReport report)
    {
        var before = All.GetValueOrDefault(service);
        ImmutableInterlocked.Update(ref reports, all => all.SetItem(service, report));
        if (before is null || before.State != report.State || before.Message != report.Message)
        {
            OnChange?.Invoke();
        }
    }

    /// <summary>Forgets those of services that are no longer there.</summary>
    public void Keep(IReadOnlySet<string> services)
    {
        if (All.Keys.Any(service => !services.Contains(service)))
        {
            ImmutableInterlocked.Update(ref reports, all => all.RemoveRange(all.Keys.Where(service => !services.Contains(service))));
        }
    }
}

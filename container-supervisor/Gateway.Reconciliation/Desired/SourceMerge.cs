using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Reconciliation.Desired;

/// <summary>Merges the sources that are in force into what the gateway shall run.</summary>
public static class SourceMerge
{
    /// <summary>
    /// An application is taken whole from the first source that has it; critical if any of the sources is. A
    /// container name claimed twice goes to the first application; the second is left out with a warning.
    /// </summary>
    /// <param name="sources">Most important first: <c>gateway</c>, then groups in the gateway's order.</param>
    public static DesiredState Merge(ImmutableArray<DesiredState> sources)
    {
        var applications = ImmutableArray.CreateBuilder<Application>();
        var warnings = ImmutableArray.CreateBuilder<Failure>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var containers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            warnings.AddRange(source.Warnings);
            foreach (var application in source.Applications.Where(application => names.Add(application.Name)))
            {
                if (application.Services.FirstOrDefault(service => containers.ContainsKey(service.ContainerName)) is { } clash)
                {
                    warnings.Add(new Failure(
                        Phase.Parse,
                        application.Name,
                        $"container name '{clash.ContainerName}' is taken by application '{containers[clash.ContainerName]}' of a more important source; rename it. This application is left out"));
                    continue;
                }

                foreach (var service in application.Services)
                {
                    containers.Add(service.ContainerName, application.Name);
                }

                applications.Add(application);
            }
        }

        var urgency = sources.Any(source => source.Urgency == Urgency.Critical) ? Urgency.Critical : Urgency.Normal;
        return new DesiredState(null, urgency, [.. applications.OrderBy(a => a.Name, StringComparer.Ordinal)], warnings.ToImmutable());
    }
}

using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.HostController.Commands;

/// <summary>Prints failures on stderr, one line each, and gives the exit status that tells about them.</summary>
internal static class Complaints
{
    public static int Print(ImmutableArray<Failure> failures)
    {
        foreach (var failure in failures)
        {
            Console.Error.WriteLine($"host-controller: {failure}");
        }

        return (int)ExitStatuses.Of(failures);
    }
}

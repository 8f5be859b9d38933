using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Core.State;
using Gateway.HostController.Reports;

namespace Gateway.HostController.SelfUpdate;

/// <summary>What the guardian has written down, for <c>status</c> and <c>doctor</c>; lines of <c>key=value</c>.</summary>
/// <param name="Phase"><c>idle</c>, <c>prepared</c>, <c>probation</c> or <c>rolling-back</c>.</param>
/// <param name="Candidate">The version that was tried last.</param>
/// <param name="Previous">The version to go back to.</param>
/// <param name="Last">How the last upgrade ended, with its time.</param>
/// <param name="Failed">Versions that did not stay.</param>
internal sealed record GuardianRecord(string Phase, string Candidate, string Previous, string Last, ImmutableArray<FailedStatus> Failed)
{
    private const int LargestFile = 256 * 1024;
    private const string Folder = "/var/lib/gateway/host-controller/self-update";

    /// <summary>Whether apt could not install the last version that was asked for; in the guardian's words, and nothing else tells.</summary>
    public bool IsRefused => Last.Contains(" could not be installed: ", StringComparison.Ordinal);

    /// <summary>What can be read of it; an idle one where nothing can.</summary>
    public static GuardianRecord Load(HostPaths paths)
    {
        var values = Lines(paths.On($"{Folder}/record"))
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new GuardianRecord(
            values.GetValueOrDefault("phase", "idle"),
            values.GetValueOrDefault("candidate", ""),
            values.GetValueOrDefault("previous", ""),
            values.GetValueOrDefault("last", ""),
            [.. Lines(paths.On($"{Folder}/failed")).Select(line => line.Split('\t', 3)).Where(parts => parts.Length == 3).Select(OfParts)]);
    }

    /// <summary>For <c>status</c>; null when nothing was ever upgraded.</summary>
    public SelfUpdateStatus? ToStatus() => Candidate.Length == 0 && Last.Length == 0 ? null : new SelfUpdateStatus(Phase, Candidate, Previous, Last, Failed);

    private static FailedStatus OfParts(string[] parts) =>
        new(parts[0], DateTimeOffset.TryParse(parts[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.UnixEpoch, parts[2], true);

    private static string[] Lines(string file) =>
        AtomicFile.ReadIfThere(file, LargestFile) is { IsSuccess: true, Value: { } content }
            ? Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [];
}

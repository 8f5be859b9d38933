using Gateway.Core.Reports;
using Gateway.HostController.SelfUpdate;

namespace Gateway.HostController.Doctor;

/// <summary>
/// How our own upgrades went, by the guardian's record. Never a problem, and nothing of what the guardian asks: a version
/// is not to be judged by what was written down about the one before.
/// </summary>
internal static class UpgradeChecks
{
    private const string Check = "upgrades";

    /// <summary>What is under way or came last, and each version that failed.</summary>
    public static IEnumerable<Finding> Of(GuardianRecord record)
    {
        yield return record.Phase != "idle"
            ? new Finding(Check, Verdict.Warning, OneLine.Of($"{record.Candidate} is being judged ({record.Phase}); before: {record.Previous}"))
            : new Finding(Check, record.IsRefused ? Verdict.Warning : Verdict.Ok, record.Last.Length == 0 ? "there was none yet" : OneLine.Of(record.Last));
        foreach (var failed in record.Failed)
        {
            yield return new Finding(Check, Verdict.Warning, OneLine.Of($"{failed.Release} failed {failed.At:u} and is not tried again: {failed.Reason}"));
        }
    }
}

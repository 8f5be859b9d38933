using System.Collections.Immutable;

namespace Gateway.HostController.Reports;

/// <summary>What a run did, kept in the state directory for whoever asks later. It holds no task's output: no secrets.</summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Id">Also the file's name; ids of later runs sort after earlier ones.</param>
/// <param name="Command"><c>run</c>, <c>daemon</c> or <c>apply</c>.</param>
/// <param name="Version">Of the host controller.</param>
/// <param name="Gateway">Its id.</param>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="DurationSeconds">How long it took.</param>
/// <param name="Status">Its exit status.</param>
/// <param name="Documents">One for each playbook it was about.</param>
internal sealed record RunReport(
    int Schema,
    string Id,
    string Command,
    string Version,
    string Gateway,
    DateTimeOffset Started,
    DateTimeOffset Ended,
    double DurationSeconds,
    int Status,
    ImmutableArray<DocumentReport> Documents)
{
    public const int KnownSchema = 1;
}

/// <summary>What a run did about one stream.</summary>
internal sealed record DocumentReport(string Stream)
{
    /// <summary>Where the playbook came from.</summary>
    public string? Document { get; init; }

    public long? Serial { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>Fingerprint of the primary key that signed it.</summary>
    public string? Signer { get; init; }

    /// <summary>Whether it was applied.</summary>
    public bool Applied { get; init; }

    /// <summary>Why it was applied, or not.</summary>
    public string? Why { get; init; }

    /// <summary>Counts of tasks; null when nothing was applied.</summary>
    public StatsReport? Stats { get; init; }

    /// <summary>The tasks, in order; at most 500.</summary>
    public ImmutableArray<TaskLine> Tasks { get; init; } = [];

    /// <summary>What went wrong, one line each; at most 100.</summary>
    public ImmutableArray<string> Failures { get; init; } = [];
}

/// <summary>Counts of tasks, as Ansible's recap has them.</summary>
internal sealed record StatsReport(int Ok, int Changed, int Failures, int Skipped, int Rescued, int Ignored);

/// <summary>One task.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Module">Its module.</param>
/// <param name="At">Where it stands in the playbook.</param>
/// <param name="Status"><c>ok</c>, <c>changed</c>, <c>skipped</c>, <c>failed</c>, <c>ignored</c> or <c>rescued</c>.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record TaskLine(string Name, string Module, string At, string Status, double Seconds);

namespace Gateway.Core.Processes;

/// <summary>How a program ended. Outputs are UTF-8 with what is not UTF-8 replaced.</summary>
/// <param name="ExitCode">As the program said; 128 + n after signal n; 127 not found, 126 could not be started (<see cref="StandardError"/> says why).</param>
/// <param name="TimedOut">Whether it was killed because its time was over.</param>
/// <param name="Truncated">Whether an output was longer than the limit, or was still held open by somebody after the program had ended.</param>
/// <param name="StandardOutput">The first bytes of standard output, up to the limit.</param>
/// <param name="StandardError">The first bytes of standard error, up to the limit.</param>
public sealed record ProcessOutcome(int ExitCode, bool TimedOut, bool Truncated, string StandardOutput, string StandardError)
{
    /// <summary>Exit status of a program that does not exist.</summary>
    public const int NotFound = 127;

    /// <summary>Exit status of a program that exists and could not be started.</summary>
    public const int NotStarted = 126;

    /// <summary>Exit status 0, in time.</summary>
    public bool IsSuccess => ExitCode == 0 && !TimedOut;
}
